using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class ConvTranspose2d : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _stride;
        private readonly long[] _padding;
        private readonly long[] _outputPadding;
        private readonly long[] _dilation;
        private readonly long _groups;

        internal ConvTranspose2d(
            long inputs, long outputs, long kernel, long stride, long padding, long outputPadding, long dilation,
            long groups, bool hasBias, Device? device, ScalarType? dtype)
            : base(nameof(ConvTranspose2d))
        {
            _stride = [stride, stride];
            _padding = [padding, padding];
            _outputPadding = [outputPadding, outputPadding];
            _dilation = [dilation, dilation];
            _groups = groups;
            weight = new Parameter(empty(inputs, outputs / groups, kernel, kernel, dtype, device));
            nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
            if (!hasBias) return;
            bias = new Parameter(empty(outputs, dtype, device));
            var bound = 1 / Math.Sqrt(outputs / groups * kernel * kernel);
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

        public override Tensor forward(Tensor tensor) =>
            nn.functional.conv_transpose2d(tensor, weight, bias, _stride, _padding, _outputPadding, _dilation, _groups);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            // The names of the sizes differ between versions: give them by position.
            public static Modules.ConvTranspose2d ConvTranspose2d(
                long inputs_, long outputs_, long kernel_, long stride = 1, long padding = 0, long outputPadding_ = 0, long dilation = 1,
                PaddingModes mode_ = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
            {
                if (mode_ != PaddingModes.Zeros) throw new ArgumentException("only zero padding goes with a transposed convolution");
                return new(inputs_, outputs_, kernel_, stride, padding, outputPadding_, dilation, groups, bias, device, dtype);
            }
        }
    }
}
