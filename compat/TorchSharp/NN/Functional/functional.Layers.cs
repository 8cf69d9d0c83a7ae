using System.Runtime.Intrinsics.X86;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            // Of bfloat16, libtorch 1.13 has fast products where AVX-512 is, and elsewhere adds up one number after another.
            private static readonly bool s_multipliesBFloat16 = Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported;

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null)
            {
                if (s_multipliesBFloat16 || input.dtype != ScalarType.BFloat16 || weights.dtype != ScalarType.BFloat16)
                    return Aten.Call("linear", input, weights, bias);
                // What the fast products do too: multiply exactly, add up in float32, round once.
                using var scope = NewDisposeScope();
                return Aten.Call("linear", input.to(ScalarType.Float32), weights.to(ScalarType.Float32), bias?.to(ScalarType.Float32))
                    .to(ScalarType.BFloat16)
                    .MoveToOuterDisposeScope();
            }

            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.Call("conv2d", input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], dilation ?? [1, 1], groups);

            // The name of the sixth parameter differs between versions: give it by position.
            public static Tensor conv_transpose2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? outputPadding_ = null,
                long[]? dilation = null, long groups = 1) =>
                Aten.Call(
                    "conv_transpose2d.input", input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], outputPadding_ ?? [0, 0], groups, dilation ?? [1, 1]);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Aten.Call("layer_norm", input, normalized_shape, weight, bias, eps);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Aten.Call("group_norm", input, num_groups, weight, bias, eps);

            public static Tensor batch_norm(
                Tensor input, Tensor running_mean, Tensor running_var, Tensor? weight = null, Tensor? bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-05) =>
                Aten.Call("batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps, false);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Aten.Call("one_hot", x, num_classes);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => Aten.Call("adaptive_avg_pool2d", input, output_size);

            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) =>
                adaptive_avg_pool2d(input, [output_size.Item1, output_size.Item2]);

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, [output_size, output_size]);

            // Names of the parameters of the pools differ between versions: give them by position.
            public static Tensor avg_pool2d(
                Tensor input, long[] kernelSize_, long[]? stride_ = null, long[]? padding_ = null, bool ceil_mode = false, bool count_include_pad = true) =>
                Aten.Call("avg_pool2d", input, kernelSize_, stride_ ?? kernelSize_, padding_ ?? [0, 0], ceil_mode, count_include_pad);

            public static Tensor avg_pool2d(
                Tensor input, long kernelSize_, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true) =>
                avg_pool2d(input, Pair(kernelSize_), Pair(stride ?? kernelSize_), Pair(padding), ceil_mode, count_include_pad);

            public static Tensor max_pool2d(
                Tensor input, long[] kernelSize_, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                Aten.Call("max_pool2d", input, kernelSize_, strides ?? kernelSize_, padding ?? [0, 0], dilation ?? [1, 1], ceil_mode);

            public static Tensor max_pool2d(
                Tensor input, long kernelSize_, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Pair(kernelSize_), Pair(stride ?? kernelSize_), Pair(padding ?? 0), Pair(dilation ?? 1), ceil_mode);

            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            public static Tensor unfold(
                Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) =>
                Aten.Call("im2col", input, Pair(kernel_size), Pair(dilation ?? (1, 1)), Pair(padding ?? (0, 0)), Pair(stride ?? (1, 1)));

            private static long[] Pair(long value) => [value, value];

            private static long[] Pair((long, long) values) => [values.Item1, values.Item2];
        }
    }
}
