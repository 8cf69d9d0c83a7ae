using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Views and rearrangements.</summary>
    public partial class Tensor
    {
        public Tensor T => permute(Enumerable.Range(0, (int)ndim).Reverse().Select(n => (long)n).ToArray());

        public Tensor mT => Aten.Call("mT", this);

        public Tensor view(params long[] shape) => Aten.Call("view", this, shape);

        public Tensor view_as(Tensor other) => Aten.Call("view_as", this, other);

        public Tensor reshape(params long[] shape) => Aten.Call("reshape", this, shape);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Aten.Call("flatten.using_ints", this, start_dim, end_dim);

        public Tensor ravel() => Aten.Call("ravel", this);

        public Tensor unflatten(long dim, params long[] sizes) => Aten.Call("unflatten.int", this, dim, sizes);

        public Tensor permute(params long[] permutation) => Aten.Call("permute", this, permutation);

        public Tensor transpose(long dim0, long dim1) => Aten.Call("transpose.int", this, dim0, dim1);

        public Tensor transpose_(long dim0, long dim1) => Mutate("transpose_", this, dim0, dim1);

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor movedim(long[] source, long[] destination) => Aten.Call("movedim.intlist", this, source, destination);

        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);

        public Tensor t() => Aten.Call("t", this);

        public Tensor squeeze(long? dim = null) => dim is { } d ? Aten.Call("squeeze.dim", this, d) : Aten.Call("squeeze", this);

        public Tensor squeeze_(long? dim = null) => dim is { } d ? Mutate("squeeze_.dim", this, d) : Mutate("squeeze_", this);

        public Tensor unsqueeze(long dim) => Aten.Call("unsqueeze", this, dim);

        public Tensor unsqueeze_(long dim) => Mutate("unsqueeze_", this, dim);

        public Tensor expand(params long[] sizes) => Aten.Call("expand", this, sizes);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Aten.Call("expand", this, sizes, isImplicit);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => expand(sizes.ToArray(), isImplicit);

        public Tensor expand_as(Tensor other) => Aten.Call("expand_as", this, other);

        public Tensor broadcast_to(params long[] shape) => Aten.Call("broadcast_to", this, shape);

        public Tensor repeat(params long[] sizes) => Aten.Call("repeat", this, sizes);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Aten.Call("repeat_interleave.self_int", this, repeats, dim, output_size);

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Aten.Call("repeat_interleave.self_Tensor", this, repeats, dim, output_size);

        public Tensor tile(long[] reps) => Aten.Call("tile", this, reps);

        public Tensor narrow(long dim, long start, long length) => Aten.Call("narrow", this, dim, start, length);

        public Tensor select(long dim, long index) => Aten.Call("select.int", this, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) => Aten.Call("slice.Tensor", this, dim, start, finish, step);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) =>
            Aten.Call("as_strided", this, size, strides, storageOffset);

        public Tensor unfold(long dimension, long size, long step) => Aten.Call("unfold", this, dimension, size, step);

        public Tensor flip(params long[] dims) => Aten.Call("flip", this, dims);

        public Tensor fliplr() => Aten.Call("fliplr", this);

        public Tensor flipud() => Aten.Call("flipud", this);

        public Tensor rot90(long k = 1, (long, long)? dims = null) =>
            Aten.Call("rot90", this, k, dims is { } d ? new[] { d.Item1, d.Item2 } : new[] { 0L, 1L });

        public Tensor roll(long shifts, long? dims = null) => roll([shifts], dims is { } d ? [d] : []);

        public Tensor roll(long[] shifts) => roll(shifts, []);

        public Tensor roll(long[] shifts, long[] dims) => Aten.Call("roll", this, shifts, dims);

        public Tensor roll((long, long) shifts, (long, long) dims) => roll([shifts.Item1, shifts.Item2], [dims.Item1, dims.Item2]);

        public Tensor[] chunk(long chunks, long dim = 0) => Aten.CallList("chunk", this, chunks, dim);

        public Tensor[] split(long size, int dim = 0) => Aten.CallList("split.Tensor", this, size, (long)dim);

        public Tensor[] split(long[] sizes, long dim = 0) => Aten.CallList("split_with_sizes", this, sizes, dim);

        public Tensor[] split(params long[] sizes) => split(sizes, 0);

        public Tensor[] tensor_split(long size, long dim = 0) => Aten.CallList("tensor_split.sections", this, size, dim);

        public Tensor[] tensor_split(long[] sizes, long dim = 0) => Aten.CallList("tensor_split.indices", this, sizes, dim);

        public Tensor[] unbind(long dimension = 0) => Aten.CallList("unbind.int", this, dimension);

        public Tensor diag(long diagonal = 0) => Aten.Call("diag", this, diagonal);

        public Tensor tril(long diagonal = 0) => Aten.Call("tril", this, diagonal);

        public Tensor triu(long diagonal = 0) => Aten.Call("triu", this, diagonal);
    }
}
