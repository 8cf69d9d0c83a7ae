using SamSegmentation.ML.Onnx.Protos;
using static SamSegmentation.ML.Onnx.Protos.AttributeProto.Types;
using static SamSegmentation.ML.Onnx.Protos.TensorProto.Types;

namespace SamSegmentation.ML.Onnx.Graphs;

/// <content>ONNX's operators, as operator set 17 has them, with the shapes that they give.</content>
internal sealed partial class GraphBuilder
{
    public Value Add(Value left, Value right) => Elementwise("Add", left, right);

    public Value Sub(Value left, Value right) => Elementwise("Sub", left, right);

    public Value Mul(Value left, Value right) => Elementwise("Mul", left, right);

    public Value Div(Value left, Value right) => Elementwise("Div", left, right);

    public Value Relu(Value x) => Same("Relu", x);

    public Value Floor(Value x) => Same("Floor", x);

    /// <summary>Exact GELU: x·½·(1 + erf(x/√2)), in the order of operators that ONNX Runtime knows as one.</summary>
    public Value Gelu(Value x) => In("gelu", () =>
        Mul(Mul(x, Add(Same("Erf", Div(x, Number(Math.Sqrt(2)))), Number(1))), Number(0.5)));

    public Value Softmax(Value x, int axis) => Same("Softmax", x, Integer("axis", axis));

    /// <summary>Normalises the last axis.</summary>
    public Value LayerNormalization(Value x, Value scale, Value? bias, double epsilon) => Node(
        "LayerNormalization", x.Type, x.Shape, bias is null ? [x, scale] : [x, scale, bias], Integer("axis", -1), Real("epsilon", epsilon));

    /// <summary>x·weightᵀ (+ bias), with PyTorch's layout of the weight.</summary>
    /// <param name="x">[M, K].</param>
    /// <param name="weight">[N, K].</param>
    /// <param name="bias">[N]; null for none.</param>
    public Value Gemm(Value x, Value weight, Value? bias) => x.Shape.Length == 2 && weight.Shape.Length == 2 && x.Shape[1] == weight.Shape[1]
        ? Node("Gemm", x.Type, [x.Shape[0], weight.Shape[0]], bias is null ? [x, weight] : [x, weight, bias], Integer("transB", 1))
        : throw Misfit("Gemm", x, weight);

    /// <summary>Matrix products over the last two axes; the others are broadcast.</summary>
    public Value MatMul(Value left, Value right)
    {
        if (left.Shape.Length < 2 || right.Shape.Length < 2 || left.Shape[^1] != right.Shape[^2])
            throw Misfit("MatMul", left, right);
        return Node("MatMul", left.Type, [.. Broadcast("MatMul", left, right, left.Shape[..^2], right.Shape[..^2]), left.Shape[^2], right.Shape[^1]], [left, right]);
    }

    public Value Reshape(Value x, params long[] shape) =>
        shape.Aggregate(1L, (product, side) => product * side) == x.Shape.Aggregate(1L, (product, side) => product * side)
            ? x.Shape.SequenceEqual(shape) ? x : Node("Reshape", x.Type, shape, [x, Integers(shape)])
            : throw new ArgumentException($"'{x.Name}' [{string.Join(", ", x.Shape)}] cannot become [{string.Join(", ", shape)}].", nameof(shape));

    public Value Transpose(Value x, params int[] permutation) =>
        Node("Transpose", x.Type, [.. permutation.Select(axis => x.Shape[axis])], [x], Integers("perm", [.. permutation.Select(axis => (long)axis)]));

    public Value Expand(Value x, params long[] shape) => Node("Expand", x.Type, shape, [x, Integers(shape)]);

    /// <summary>Puts tensors beside each other.</summary>
    public Value Concat(int axis, params IReadOnlyList<Value> values)
    {
        var shape = (long[])values[0].Shape.Clone();
        shape[axis < 0 ? axis + shape.Length : axis] = values.Sum(value => value.Shape[axis < 0 ? axis + shape.Length : axis]);
        return Node("Concat", values[0].Type, shape, [.. values], Integer("axis", axis));
    }

    /// <summary>Cuts a tensor into equal parts.</summary>
    public Value[] Split(Value x, int axis, int parts)
    {
        var shape = With(x.Shape, axis, x.Shape[axis] / parts);
        return Nodes("Split", [.. Enumerable.Repeat((x.Type, shape), parts)], [x], Integer("axis", axis));
    }

    /// <summary>Takes positions <paramref name="start"/> up to but without <paramref name="end"/> of an axis.</summary>
    public Value Slice(Value x, int axis, long start, long end) =>
        Node("Slice", x.Type, With(x.Shape, axis, end - start), [x, Integers(start), Integers(end), Integers(axis)]);

    /// <summary>Puts zeros behind each axis.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="behind">How many, for each axis.</param>
    public Value Pad(Value x, params long[] behind) =>
        Node("Pad", x.Type, [.. x.Shape.Zip(behind, (side, more) => side + more)], [x, Integers([.. new long[behind.Length], .. behind])]);

    /// <summary>A convolution that keeps the size: stride 1, odd kernel.</summary>
    /// <param name="x">[1, I, h, w].</param>
    /// <param name="weight">[O, I, k, k].</param>
    /// <param name="bias">[O]; null for none.</param>
    /// <param name="rate">Distance of the kernel's taps.</param>
    public Value Conv(Value x, Value weight, Value? bias, long rate = 1)
    {
        var (kernel, pad) = (weight.Shape[2], rate * (weight.Shape[2] / 2));
        return Node("Conv", x.Type, [1, weight.Shape[0], x.Shape[2], x.Shape[3]], bias is null ? [x, weight] : [x, weight, bias],
            Integers("kernel_shape", [kernel, kernel]), Integers("pads", [pad, pad, pad, pad]), Integers("dilations", [rate, rate]));
    }

    /// <summary>A convolution whose kernels lie side by side: the stride is the kernel's side.</summary>
    /// <param name="x">[1, I, h, w].</param>
    /// <param name="weight">[O, I, k, k]; k divides h and w.</param>
    /// <param name="bias">[O].</param>
    public Value PatchConv(Value x, Value weight, Value bias)
    {
        var kernel = weight.Shape[2];
        return Node("Conv", x.Type, [1, weight.Shape[0], x.Shape[2] / kernel, x.Shape[3] / kernel], [x, weight, bias],
            Integers("kernel_shape", [kernel, kernel]), Integers("strides", [kernel, kernel]));
    }

    /// <summary>A transposed convolution whose kernels lie side by side: the stride is the kernel's side.</summary>
    /// <param name="x">[1, I, h, w].</param>
    /// <param name="weight">[I, O, k, k].</param>
    /// <param name="bias">[O].</param>
    public Value ConvTranspose(Value x, Value weight, Value bias)
    {
        var kernel = weight.Shape[2];
        return Node("ConvTranspose", x.Type, [1, weight.Shape[1], kernel * x.Shape[2], kernel * x.Shape[3]], [x, weight, bias],
            Integers("kernel_shape", [kernel, kernel]), Integers("strides", [kernel, kernel]));
    }

    /// <summary>[1, C, h, w] → [1, C, 1, 1].</summary>
    public Value GlobalAveragePool(Value x) => Node("GlobalAveragePool", x.Type, [x.Shape[0], x.Shape[1], 1, 1], [x]);

    /// <summary>The first position of the highest value of an axis, which goes.</summary>
    public Value ArgMax(Value x, int axis) =>
        Node("ArgMax", DataType.Int64, [.. x.Shape[..axis], .. x.Shape[(axis + 1)..]], [x], Integer("axis", axis), Integer("keepdims", 0));

    public Value Cast(Value x, DataType type) => x.Type == type ? x : Node("Cast", type, x.Shape, [x], Integer("to", (int)type));

    private Value Same(string op, Value x, params AttributeProto[] attributes) => Node(op, x.Type, x.Shape, [x], attributes);

    private Value Elementwise(string op, Value left, Value right) =>
        Node(op, left.Type, Broadcast(op, left, right, left.Shape, right.Shape), [left, right]);

    private static long[] Broadcast(string op, Value left, Value right, long[] first, long[] second)
    {
        var shape = new long[Math.Max(first.Length, second.Length)];
        for (var i = 1; i <= shape.Length; i++)
        {
            var (one, other) = (i <= first.Length ? first[^i] : 1, i <= second.Length ? second[^i] : 1);
            shape[^i] = one == other || other == 1 ? one : one == 1 ? other : throw Misfit(op, left, right);
        }
        return shape;
    }

    private static long[] With(long[] shape, int axis, long side)
    {
        var changed = (long[])shape.Clone();
        changed[axis] = side;
        return changed;
    }

    private static ArgumentException Misfit(string op, Value left, Value right) =>
        new($"{op} of '{left.Name}' [{string.Join(", ", left.Shape)}] and '{right.Name}' [{string.Join(", ", right.Shape)}] does not fit.");

    private static AttributeProto Integer(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    private static AttributeProto Real(string name, double value) => new() { Name = name, Type = AttributeType.Float, F = (float)value };

    private static AttributeProto Integers(string name, long[] values) => new() { Name = name, Type = AttributeType.Ints, Ints = { values } };
}
