using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long Dimensions => Info.Dimensions;

        public long ndim => Dimensions;

        public long NumberOfElements => Info.Elements;

        public long ElementSize => Info.ElementSize;

        public ScalarType dtype => (ScalarType)Info.ScalarType;

        public DeviceType device_type => (DeviceType)Info.DeviceType;

        public int device_index => Info.DeviceIndex;

        public Device device
        {
            get
            {
                var info = Info;
                return new Device((DeviceType)info.DeviceType, info.DeviceType == (int)DeviceType.CPU ? -1 : info.DeviceIndex);
            }
        }

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_sparse => Info.IsSparse != 0;

        public bool is_leaf => Info.IsLeaf != 0;

        public long[] shape => size();

        private unsafe TensorInfo Info
        {
            get
            {
                TensorInfo info;
                NativeMethods.Check(NativeMethods.tsc_tensor_info(Handle, &info));
                GC.KeepAlive(this);
                return info;
            }
        }

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long storage_offset() => Info.StorageOffset;

        public bool is_contiguous() => Info.IsContiguous != 0;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_nonzero() =>
            numel() == 1 ? ToScalar().ToBoolean() : throw new InvalidOperationException("is_nonzero() called on non-singleton tensor");

        public unsafe long[] size()
        {
            var sizes = new long[Dimensions];
            fixed (long* s = sizes) NativeMethods.Check(NativeMethods.tsc_tensor_sizes(Handle, s));
            GC.KeepAlive(this);
            return sizes;
        }

        public long size(int dim) => AtDimension(size(), dim);

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* s = strides) NativeMethods.Check(NativeMethods.tsc_tensor_strides(Handle, s));
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim) => AtDimension(stride(), dim);

        private static long AtDimension(long[] values, int dim)
        {
            var rank = Math.Max(values.Length, 1);
            if (values.Length == 0 || dim < -rank || dim >= rank)
            {
                throw new System.Runtime.InteropServices.ExternalException(
                    $"Dimension out of range (expected to be in range of [{-rank}, {rank - 1}], but got {dim})");
            }

            return values[dim < 0 ? dim + rank : dim];
        }
    }

    public static long numel(Tensor input) => input.numel();

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_integral(Tensor t) => t.is_integral();

    public static bool is_nonzero(Tensor input) => input.is_nonzero();

    public static bool is_tensor(object obj) => obj is Tensor;
}
