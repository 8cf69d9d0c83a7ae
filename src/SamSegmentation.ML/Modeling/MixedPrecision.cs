using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>Products in another number format than their weights'.</summary>
internal static class MixedPrecision
{
    /// <summary>Computes what a linear layer does, in a precision.</summary>
    /// <param name="layer">The layer, whose weights stay as they are.</param>
    /// <param name="input">[…, input].</param>
    /// <param name="precision">Float32 stands for the weights' own type.</param>
    /// <returns>[…, output], of the precision's type.</returns>
    internal static Tensor Apply(this Linear layer, Tensor input, EncoderPrecision precision)
    {
        if (precision == EncoderPrecision.Float32)
            return layer.forward(input);
        using var scope = NewDisposeScope();
        var type = precision.Type();
        // Converted each time: a fiftieth of the product's time at most, and never out of date.
        return nn.functional.linear(input.to(type), layer.weight!.to(type), layer.bias?.to(type)).MoveToOuterDisposeScope();
    }

    /// <summary>The same in a wide enough type to add up in: 16-bit floats as float32, others as they are.</summary>
    internal static Tensor Widened(this Tensor tensor) =>
        tensor.dtype is ScalarType.BFloat16 or ScalarType.Float16 ? tensor.to(ScalarType.Float32) : tensor.alias();

    /// <summary>Checks that a device computes in a precision.</summary>
    /// <exception cref="InvalidOperationException">It does not.</exception>
    internal static void Check(this EncoderPrecision precision, Device device)
    {
        if (precision == EncoderPrecision.Float16 && device.type == DeviceType.CPU)
        {
            throw new InvalidOperationException(
                $"The encoder's precision is {EncoderPrecision.Float16}, which is for GPUs, but it runs on the CPU; use {EncoderPrecision.Float32} or {EncoderPrecision.BFloat16}.");
        }
    }

    private static ScalarType Type(this EncoderPrecision precision) => precision switch
    {
        EncoderPrecision.BFloat16 => ScalarType.BFloat16,
        EncoderPrecision.Float16 => ScalarType.Float16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "There is no such precision."),
    };
}
