using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Dropout : nn.Module<Tensor, Tensor>
    {
        private readonly double _p;
        private readonly bool _inplace;

        internal Dropout(double p, bool inplace)
            : base(nameof(Dropout))
        {
            _p = p;
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.dropout(tensor, _p, training, _inplace);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
        }
    }
}
