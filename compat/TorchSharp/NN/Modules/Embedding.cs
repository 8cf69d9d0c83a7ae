using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A table of vectors, read by row numbers.</summary>
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long _paddingIndex;

        internal Embedding(long rows, long columns, long? paddingIndex, Device? device, ScalarType? dtype)
            : base(nameof(Embedding))
        {
            _paddingIndex = paddingIndex is { } index ? (index < 0 ? index + rows : index) : -1;
            weight = new Parameter(empty(rows, columns, dtype, device));
            nn.init.normal_(weight);
            if (_paddingIndex < 0) return;
            using var mode = no_grad();
            using var row = weight.select(0, _paddingIndex);
            row.zero_();
        }

        public Parameter weight
        {
            get => OwnParameter(nameof(weight))!;
            set => ConditionallyRegisterParameter(nameof(weight), value);
        }

        public override Tensor forward(Tensor input) => Aten.Call("embedding", weight, input, _paddingIndex);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Embedding Embedding(
                long num_embeddings, long embedding_dims, long? padding_idx = null, Device? device = null, ScalarType? dtype = null) =>
                new(num_embeddings, embedding_dims, padding_idx, device, dtype);
        }
    }
}
