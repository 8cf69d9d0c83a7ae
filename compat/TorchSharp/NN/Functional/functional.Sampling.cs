using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Resizing and padding.</summary>
        public static partial class functional
        {
            /// <summary>Resizes the spatial dimensions to sizes or by factors.</summary>
            public static Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null, bool recompute_scale_factor = false)
            {
                if ((size is null) == (scale_factor is null)) throw new ArgumentException("exactly one of size and scale_factor must be given");
                var spatial = (int)x.ndim - 2;
                if (scale_factor is { Length: 1 }) scale_factor = Enumerable.Repeat(scale_factor[0], spatial).ToArray();
                if (size is { Length: 1 }) size = Enumerable.Repeat(size[0], spatial).ToArray();
                if (recompute_scale_factor && scale_factor is not null)
                {
                    size = scale_factor.Select((factor, n) => (long)Math.Floor(x.shape[n + 2] * factor)).ToArray();
                    scale_factor = null;
                }

                return mode switch
                {
                    InterpolationMode.Nearest => Aten.Call($"upsample_nearest{spatial}d.vec", x, size, scale_factor),
                    InterpolationMode.Linear when spatial == 1 => Aten.Call("upsample_linear1d.vec", x, size, align_corners ?? false, scale_factor),
                    InterpolationMode.Bilinear when spatial == 2 => Aten.Call("upsample_bilinear2d.vec", x, size, align_corners ?? false, scale_factor),
                    InterpolationMode.Bicubic when spatial == 2 => Aten.Call("upsample_bicubic2d.vec", x, size, align_corners ?? false, scale_factor),
                    InterpolationMode.Trilinear when spatial == 3 => Aten.Call("upsample_trilinear3d.vec", x, size, align_corners ?? false, scale_factor),
                    InterpolationMode.Area => Aten.Call(
                        $"adaptive_avg_pool{spatial}d", x, size ?? scale_factor!.Select((factor, n) => (long)Math.Floor(x.shape[n + 2] * factor)).ToArray()),
                    _ => throw new ArgumentException($"{mode} does not go with an input of {x.ndim} dimensions"),
                };
            }

            /// <summary>Pads from the last dimension on: (left, right, top, bottom, …).</summary>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
            {
                PaddingModes.Constant or PaddingModes.Zeros => Aten.Call("constant_pad_nd", input, pad, (Scalar)value),
                _ => Aten.Call("pad", input, pad, mode.ToString().ToLowerInvariant(), (double?)null),
            };

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad, pad], mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);
        }
    }
}
