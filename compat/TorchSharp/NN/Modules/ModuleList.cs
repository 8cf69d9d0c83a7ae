using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A list of modules, registered under their numbers when the list itself is registered.</summary>
    public class ModuleList<T> : nn.Module, IList<T> where T : nn.Module
    {
        private readonly List<T> _items = [];
        private bool _registered;

        public ModuleList(params T[] modules)
            : base(nameof(ModuleList<T>)) => _items.AddRange(modules);

        public int Count => _items.Count;

        public bool IsReadOnly => false;

        public T this[int index]
        {
            get => _items[index];
            set
            {
                _items[index] = value;
            }
        }

        public void append(params T[] parameters)
        {
            _items.AddRange(parameters);
        }

        public void extend(IEnumerable<T> modules)
        {
            _items.AddRange(modules);
        }

        public void Add(T item)
        {
            _items.Add(item);
        }

        public void Insert(int index, T item)
        {
            _items.Insert(index, item);
        }

        public bool Remove(T item)
        {
            return _items.Remove(item);
        }

        public void RemoveAt(int index)
        {
            _items.RemoveAt(index);
        }

        public void Clear()
        {
            _items.Clear();
        }

        public bool Contains(T item) => _items.Contains(item);

        public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        public int IndexOf(T item) => _items.IndexOf(item);

        public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        protected override void RegisterComponents()
        {
            if (_registered) return;
            for (var n = 0; n < _items.Count; n++) register_module(n.ToString(System.Globalization.CultureInfo.InvariantCulture), _items[n]);
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
            public static Modules.ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

            public static Modules.ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);
        }
    }
}
