using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Conv2d : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _stride;
        private readonly long[] _padding;
        private readonly long[] _dilation;
        private readonly long _groups;
        private readonly PaddingModes _mode;

        internal Conv2d(
            long inputs, long outputs, (long Height, long Width) kernel, (long, long) stride, (long, long) padding, (long, long) dilation,
            PaddingModes mode, long groups, bool hasBias, Device? device, ScalarType? dtype)
            : base(nameof(Conv2d))
        {
            _stride = [stride.Item1, stride.Item2];
            _padding = [padding.Item1, padding.Item2];
            _dilation = [dilation.Item1, dilation.Item2];
            _groups = groups;
            _mode = mode;
            weight = new Parameter(empty(outputs, inputs / groups, kernel.Height, kernel.Width, dtype, device));
            nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
            if (!hasBias) return;
            bias = new Parameter(empty(outputs, dtype, device));
            var bound = 1 / Math.Sqrt(inputs / groups * kernel.Height * kernel.Width);
            nn.init.uniform_(bias, -bound, bound);
        }

        public Parameter? bias
        {
            get => OwnParameter(nameof(bias));
            set => ConditionallyRegisterParameter(nameof(bias), value);
        }

        public Parameter weight
        {
            get => OwnParameter(nameof(weight))!;
            set => ConditionallyRegisterParameter(nameof(weight), value);
        }

        public override Tensor forward(Tensor tensor)
        {
            if (_mode is PaddingModes.Zeros or PaddingModes.Constant)
                return nn.functional.conv2d(tensor, weight, bias, _stride, _padding, _dilation, _groups);
            using var padded = nn.functional.pad(tensor, new[] { _padding[1], _padding[1], _padding[0], _padding[0] }, _mode);
            return nn.functional.conv2d(padded, weight, bias, _stride, [0, 0], _dilation, _groups);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            // The names of the sizes differ between versions: give them by position.
            public static Modules.Conv2d Conv2d(
                long inputs_, long outputs_, long kernel_, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes mode_ = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputs_, outputs_, (kernel_, kernel_), (stride, stride), (padding, padding), (dilation, dilation), mode_, groups, bias, device, dtype);

            public static Modules.Conv2d Conv2d(
                long inputs_, long outputs_, (long, long) kernel_, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null,
                PaddingModes mode_ = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputs_, outputs_, kernel_, stride ?? (1, 1), padding ?? (0, 0), dilation ?? (1, 1), mode_, groups, bias, device, dtype);
        }
    }
}
