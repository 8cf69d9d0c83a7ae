using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class LogSoftmax : nn.Module<Tensor, Tensor>
    {
        private readonly long _dim;

        internal LogSoftmax(long dim)
            : base(nameof(LogSoftmax))
        {
            _dim = dim;
        }

        public override Tensor forward(Tensor tensor) => tensor.log_softmax(_dim);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.LogSoftmax LogSoftmax(long dim) => new(dim);
        }
    }
}
