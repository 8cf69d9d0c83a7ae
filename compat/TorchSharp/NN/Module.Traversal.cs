using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Walking over the parts; a tensor that has two names is met once.</summary>
        public partial class Module
        {
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Distinct(AllParameters(recurse));

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true) => Distinct(AllBuffers(recurse));

            public virtual IEnumerable<Tensor> buffers(bool recurse = true) => named_buffers(recurse).Select(b => b.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() => _children.Select(c => (c.Key, c.Value));

            public virtual IEnumerable<Module> children() => named_children().Select(c => c.module);

            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                var direct = named_children().ToList();
                return direct.Concat(direct.SelectMany(c => c.module.named_modules().Select(m => ($"{c.name}.{m.name}", m.module))));
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target) =>
                OwnParameter(target) ?? InChild(target, (child, rest) => child.get_parameter(rest));

            public virtual Tensor? get_buffer(string target) =>
                OwnBuffer(target) ?? InChild(target, (child, rest) => child.get_buffer(rest));

            private static IEnumerable<(string, T)> Distinct<T>(IEnumerable<(string, T)> named) where T : Tensor
            {
                var seen = new HashSet<nint>();
                foreach (var (name, tensor) in named)
                {
                    if (!tensor.IsInvalid && seen.Add(tensor.Handle)) yield return (name, tensor);
                }
            }

            private IEnumerable<(string, Parameter)> AllParameters(bool recurse)
            {
                foreach (var (key, parameter) in _ownParameters) yield return (key, parameter);
                if (!recurse) yield break;
                foreach (var (key, child) in named_children())
                {
                    foreach (var (rest, parameter) in child.named_parameters()) yield return ($"{key}.{rest}", parameter);
                }
            }

            private IEnumerable<(string, Tensor)> AllBuffers(bool recurse)
            {
                foreach (var (key, buffer) in _ownBuffers) yield return (key, buffer);
                if (!recurse) yield break;
                foreach (var (key, child) in named_children())
                {
                    foreach (var (rest, buffer) in child.named_buffers()) yield return ($"{key}.{rest}", buffer);
                }
            }

            private T? InChild<T>(string target, Func<Module, string, T?> find) where T : class
            {
                var dot = target.IndexOf('.');
                if (dot < 0) return null;
                foreach (var (key, child) in named_children())
                {
                    if (key == target[..dot] && find(child, target[(dot + 1)..]) is { } found) return found;
                }

                return null;
            }
        }
    }
}
