using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Modules one after the other; what flows between them is disposed on the way.</summary>
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<nn.Module<Tensor, Tensor>> _steps = [];

        internal Sequential(IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> modules)
            : base(nameof(Sequential))
        {
            foreach (var (name, module) in modules) append(name, module);
        }

        public int Count => _steps.Count;

        [IndexerName("SequentialItems")]
        public nn.IModule<Tensor, Tensor> this[int index] => _steps[index];

        public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
        {
            var step = (nn.Module<Tensor, Tensor>)module;
            register_module(name, step);
            _steps.Add(step);
            return this;
        }

        public Sequential append(nn.IModule<Tensor, Tensor> module) =>
            append(_steps.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), module);

        public override Tensor forward(Tensor tensor)
        {
            if (_steps.Count == 0) return tensor.alias();
            var current = _steps[0].call(tensor);
            foreach (var step in _steps.Skip(1))
            {
                var next = step.call(current);
                current.Dispose();
                current = next;
            }

            return current;
        }

        /// <summary>The list of steps is no component of its own: its modules are registered one by one.</summary>
        protected override void RegisterComponents()
        {
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Sequential Sequential() => new([]);

            public static Modules.Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

            public static Modules.Sequential Sequential(params Module<Tensor, Tensor>[] modules) =>
                Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Modules.Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new(modules);

            public static Modules.Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) =>
                new(modules.Select((m, n) => (n.ToString(System.Globalization.CultureInfo.InvariantCulture), m)));
        }
    }
}
