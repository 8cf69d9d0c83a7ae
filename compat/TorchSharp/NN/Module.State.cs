namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>State dictionaries and TorchSharp's own file format.</summary>
        public partial class Module
        {
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string Key(string name) => string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}";
                foreach (var (key, parameter) in named_parameters()) destination.TryAdd(Key(key), parameter);
                foreach (var (key, buffer) in named_buffers()) destination.TryAdd(Key(key), buffer);
                // Names that share a tensor with another are left out above, and come in here.
                foreach (var (key, child) in named_children()) child.state_dict(destination, Key(key));
                return destination;
            }

            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var destination = state_dict();
                var kept = skip is null ? source.Keys.ToList() : source.Keys.Except(skip).ToList();
                var unexpected = kept.Where(key => !destination.ContainsKey(key)).ToList();
                var missing = destination.Keys.Where(key => !source.ContainsKey(key) && skip?.Contains(key) != true).ToList();
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");
                using var mode = no_grad();
                foreach (var key in kept)
                {
                    if (destination.TryGetValue(key, out var tensor)) tensor.copy_(source[key]);
                }

                return (missing, unexpected);
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                var kept = sd.Where(entry => skip?.Contains(entry.Key) != true).ToList();
                Utils.TensorFormat.WriteNumber(writer, kept.Count);
                foreach (var (key, tensor) in kept)
                {
                    writer.Write(key);
                    tensor.Save(writer);
                }
            }

            public Module save(string location, IList<string>? skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public virtual Module load(string location, bool strict = true, IList<string>? skip = null)
            {
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip);
            }

            public Module load(Stream stream, bool strict = true, IList<string>? skip = null)
            {
                using var reader = new BinaryReader(stream);
                return load(reader, strict, skip);
            }

            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null)
            {
                var state = state_dict();
                var entries = Utils.TensorFormat.ReadNumber(reader);
                if (entries != state.Count && strict)
                    throw new ArgumentException($"Mismatched state_dict sizes: expected {state.Count}, but found {entries} entries.");
                for (long n = 0; n < entries; n++)
                {
                    var key = reader.ReadString();
                    var found = state.TryGetValue(key, out var tensor);
                    if (!found && strict)
                        throw new ArgumentException($"Mismatched module state names: the target modules does not have a submodule or buffer named '{key}'");
                    Utils.TensorFormat.Read(reader, found && skip?.Contains(key) != true ? tensor : null);
                }

                return this;
            }
        }
    }
}
