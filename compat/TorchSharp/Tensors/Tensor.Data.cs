using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The memory of a contiguous tensor on the CPU; valid as long as the tensor is.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                var length = NumberOfElements * ElementSize;
                if (!is_contiguous()) throw new InvalidOperationException("bytes of a tensor that is not contiguous");
                if (length > int.MaxValue) throw new ArgumentException("Span only supports up to int.MaxValue elements.");
                RequireCpu();
                return new Span<byte>((void*)DataPointer, (int)length);
            }

            set
            {
                var length = NumberOfElements * ElementSize;
                if (!is_contiguous()) throw new InvalidOperationException("bytes of a tensor that is not contiguous");
                if (length != value.Length) throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(new Span<byte>((void*)DataPointer, value.Length));
            }
        }

        internal unsafe nint DataPointer
        {
            get
            {
                int failed;
                var pointer = NativeMethods.tsc_tensor_data(Handle, &failed);
                return failed == 0 ? pointer : throw NativeMethods.LastError();
            }
        }

        public Utils.TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new Utils.TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            return data<T>()[0];
        }

        /// <summary>The value of a tensor with one element, with its own type.</summary>
        public unsafe Scalar ToScalar()
        {
            if (NumberOfElements != 1)
            {
                throw new System.Runtime.InteropServices.ExternalException(
                    $"a Tensor with {NumberOfElements} elements cannot be converted to Scalar");
            }

            RequireCpu();
            var p = (void*)DataPointer;
            Scalar value = dtype switch
            {
                ScalarType.Byte => *(byte*)p,
                ScalarType.Int8 => *(sbyte*)p,
                ScalarType.Int16 => *(short*)p,
                ScalarType.Int32 => *(int*)p,
                ScalarType.Int64 => *(long*)p,
                ScalarType.Bool => *(byte*)p != 0,
                ScalarType.Float32 => *(float*)p,
                ScalarType.Float64 => *(double*)p,
                ScalarType.Float16 => new Scalar((double)*(Half*)p, ScalarType.Float16),
                ScalarType.BFloat16 => new Scalar(BFloat16ToSingle(*(ushort*)p), ScalarType.BFloat16),
                var other => throw new NotSupportedException($"{other} has no .NET value"),
            };
            GC.KeepAlive(this);
            return value;
        }

        public T ReadCpuValue<T>(long i) where T : unmanaged
        {
            RequireCpu();
            ValidateType(typeof(T));
            return new Utils.TensorAccessor<T>(this)[i];
        }

        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);

        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);

        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);

        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);

        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);

        public sbyte ReadCpuSByte(long i) => ReadCpuValue<sbyte>(i);

        public short ReadCpuInt16(long i) => ReadCpuValue<short>(i);

        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);

        public unsafe float ReadCpuFloat16(long i) => (float)((Half*)DataPointer)[Within(i)];

        public unsafe float ReadCpuBFloat16(long i) => BFloat16ToSingle(((ushort*)DataPointer)[Within(i)]);

        internal void ValidateType(Type dotnetType)
        {
            var type = dtype;
            var expected = type switch
            {
                ScalarType.Byte => typeof(byte),
                ScalarType.Int8 => typeof(sbyte),
                ScalarType.Int16 => typeof(short),
                ScalarType.Int32 => typeof(int),
                ScalarType.Int64 => typeof(long),
                ScalarType.Bool => typeof(bool),
                ScalarType.Float64 => typeof(double),
                ScalarType.Float32 => typeof(float),
                // The two versions of the real library differ for 16-bit floats; neither reads them as numbers here.
                _ => null,
            };
            if (dotnetType != expected) throw new ArgumentException($"{dotnetType.Name} is not compatible with {type}");
        }

        private static float BFloat16ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

        private long Within(long i) =>
            i < NumberOfElements ? i : throw new IndexOutOfRangeException("The index is greater than the number of elements in the tensor");

        private void RequireCpu()
        {
            if (device_type != DeviceType.CPU)
            {
                throw new InvalidOperationException(
                    "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            }
        }
    }
}
