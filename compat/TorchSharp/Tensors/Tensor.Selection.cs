using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Reading and writing chosen elements; sorting.</summary>
    public partial class Tensor
    {
        public Tensor gather(long dim, Tensor index) => Aten.Call("gather", this, dim, index);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Aten.Call("scatter.src", this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Mutate("scatter_.src", this, dim, index, src);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Aten.Call("scatter_add", this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Mutate("scatter_add_", this, dim, index, src);

        public Tensor index_select(long dim, Tensor index) => Aten.Call("index_select", this, dim, index);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Aten.Call("index_add", this, dim, index, source, alpha);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Mutate("index_add_", this, dim, index, source, alpha);

        public Tensor index_copy(long dim, Tensor index, Tensor source) => Aten.Call("index_copy", this, dim, index, source);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Mutate("index_copy_", this, dim, index, source);

        public Tensor index_fill(long dim, Tensor index, Scalar value) => Aten.Call("index_fill.int_Scalar", this, dim, index, value);

        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Mutate("index_fill_.int_Scalar", this, dim, index, value);

        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.Call("masked_fill.Scalar", this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Mutate("masked_fill_.Scalar", this, mask, value);

        public Tensor masked_select(Tensor mask) => Aten.Call("masked_select", this, mask);

        public Tensor masked_scatter(Tensor mask, Tensor value) => Aten.Call("masked_scatter", this, mask, value);

        public Tensor masked_scatter_(Tensor mask, Tensor value) => Mutate("masked_scatter_", this, mask, value);

        public Tensor take(Tensor index) => Aten.Call("take", this, index);

        public Tensor take_along_dim(Tensor indices, long dim) => Aten.Call("take_along_dim", this, indices, dim);

        /// <summary>This tensor where the condition holds, the other elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Aten.Call("where.self", condition, this, y);

        public Tensor nonzero() => Aten.Call("nonzero", this);

        public Tensor argwhere() => Aten.Call("argwhere", this);

        public (Tensor values, Tensor indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Aten.Call2("sort.stable", this, stable, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false) => Aten.Call("argsort", this, dim, descending);

        public (Tensor values, Tensor indices) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Aten.Call2("topk", this, (long)k, (long)dim, largest, sorted);

        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) =>
            Aten.Call("bucketize.Tensor", this, boundaries, outInt32, right);

        public Tensor bincount(Tensor? weights, long minlength = 0) => Aten.Call("bincount", this, weights, minlength);

        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Aten.Call("histc", this, bins, (Scalar)min, (Scalar)max);

        /// <summary>The last two are null unless asked for.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(
            bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (output, inverse, counts) = dim is { } d
                ? Aten.Call3("unique_dim", this, (long)d, sorted, return_inverse, return_counts)
                : Aten.Call3("_unique2", this, sorted, return_inverse, return_counts);
            return (output, Kept(inverse, return_inverse), Kept(counts, return_counts));
        }

        private static Tensor? Kept(Tensor tensor, bool wanted)
        {
            if (wanted) return tensor;
            tensor.Dispose();
            return null;
        }
    }
}
