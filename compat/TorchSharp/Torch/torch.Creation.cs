using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>Whole numbers throughout give Int64, anything else the default type.</summary>
    public static Tensor arange(
        Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        dtype ??= start.IsIntegral && stop.IsIntegral && step.IsIntegral ? ScalarType.Int64 : get_default_dtype();
        return Finish(
            Aten.Call("arange.start_step", start, stop, step, dtype, Argument.None, InitializeDevice(device)), requires_grad);
    }

    public static Tensor linspace(
        double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Finish(
            Aten.Call("linspace", (Scalar)start, (Scalar)end, steps, DefaultType(dtype), Argument.None, InitializeDevice(device)),
            requires_grad);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Finish(
            Aten.Call("eye.m", rows, columns < 0 ? rows : columns, DefaultType(dtype), Argument.None, InitializeDevice(device)), requires_grad);

    public static Tensor randint(
        long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator);

    public static Tensor randint(
        long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Finish(
            generator is null
                ? Aten.Call("randint.low", low, high, size, dtype ?? ScalarType.Int64, Argument.None, InitializeDevice(device))
                : Aten.Call("randint.low_generator", low, high, size, generator, dtype ?? ScalarType.Int64, Argument.None, InitializeDevice(device)),
            requires_grad);

    public static Tensor randperm(
        long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Finish(
            generator is null
                ? Aten.Call("randperm", n, dtype ?? ScalarType.Int64, Argument.None, InitializeDevice(device))
                : Aten.Call("randperm.generator", n, generator, dtype ?? ScalarType.Int64, Argument.None, InitializeDevice(device)),
            requires_grad);

    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        input.multinomial(num_samples, replacement, generator);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        input.zeros_like(dtype, device, requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        input.ones_like(dtype, device, requires_grad);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        input.empty_like(dtype, device, requires_grad);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        input.full_like(value, dtype, device, requires_grad);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        input.rand_like(dtype, device, requires_grad);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        input.randn_like(dtype, device, requires_grad);

    public static Tensor empty_strided(
        long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Finish(Aten.Call("empty_strided", size, strides, DefaultType(dtype), Argument.None, InitializeDevice(device)), requires_grad);

    private static ScalarType DefaultType(Scalar value) => value.IsIntegral ? ScalarType.Int64 : get_default_dtype();
}
