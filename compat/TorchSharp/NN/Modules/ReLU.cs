using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class ReLU : nn.Module<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal ReLU(bool inplace)
            : base(nameof(ReLU))
        {
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.relu(tensor, _inplace);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ReLU ReLU(bool inplace = false) => new(inplace);
        }
    }
}
