using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Modules by name, registered when the dictionary itself is registered.</summary>
    public class ModuleDict<T> : nn.Module, IEnumerable<(string, T)> where T : nn.Module
    {
        private readonly OrderedDictionary<string, T> _items = [];
        private bool _registered;

        public ModuleDict()
            : base(nameof(ModuleDict<T>))
        {
        }

        public int Count => _items.Count;

        public ICollection<string> Keys => _items.Keys;

        public ICollection<T> Values => _items.Values;

        public T this[string key]
        {
            get => _items[key];
            set
            {
                _items[key] = value;
            }
        }

        public IEnumerable<string> keys() => _items.Keys;

        public IEnumerable<T> values() => _items.Values;

        public void Add(string key, T value)
        {
            _items.Add(key, value);
        }

        public void Add((string, T) item) => Add(item.Item1, item.Item2);

        public bool Remove(string key)
        {
            return _items.Remove(key);
        }

        public bool ContainsKey(string key) => _items.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _items.TryGetValue(key, out value);

        public IEnumerator<(string, T)> GetEnumerator() => _items.Select(item => (item.Key, item.Value)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        protected override void RegisterComponents()
        {
            if (_registered) return;
            foreach (var (name, module) in _items) register_module(name, module);
            _registered = true;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

            public static Modules.ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                var result = new Modules.ModuleDict<T>();
                foreach (var module in modules) result.Add(module);
                return result;
            }
        }
    }
}
