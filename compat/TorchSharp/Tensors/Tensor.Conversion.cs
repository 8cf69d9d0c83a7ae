using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor to_type(ScalarType type, bool copy = false) => Aten.Call("to.dtype", this, type, false, copy);

        public Tensor to(ScalarType type) => to_type(type);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false) => to(dtype, new Device(deviceType, deviceIndex), copy);

        public Tensor to(string device) => to(new Device(device));

        public Tensor to(Device device) => to(dtype, device);

        public Tensor to(ScalarType type, Device device, bool copy = false) =>
            Aten.Call("to.device", this, InitializeDevice(device), type, false, copy);

        public Tensor to(Tensor other) => to(other.dtype, other.device);

        public Tensor type(ScalarType dtype) => to_type(dtype);

        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);

        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);

        public Tensor cpu() => to(CPU);

        public Tensor cuda(Device? device = null) => to(device ?? CUDA);

        public Tensor @bool() => to_type(ScalarType.Bool);

        public Tensor @byte() => to_type(ScalarType.Byte);

        public Tensor @char() => to_type(ScalarType.Int8);

        public Tensor @int() => to_type(ScalarType.Int32);

        public Tensor @long() => to_type(ScalarType.Int64);

        public Tensor @float() => to_type(ScalarType.Float32);

        public Tensor @double() => to_type(ScalarType.Float64);

        public Tensor clone() => Aten.Call("clone", this);

        public Tensor contiguous() => Aten.Call("contiguous", this);

        /// <summary>libtorch's error where there is no CUDA, as here.</summary>
        public Tensor pin_memory() => Aten.Call("pin_memory", this);

        public bool is_pinned() => Aten.CallBool("is_pinned", this);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Mutate("copy_", this, source, nonBlocking);

        public Tensor set_(Tensor source) => Mutate("set_.source_Tensor", this, source);

        public Tensor fill_(Scalar value) => Mutate("fill_.Scalar", this, value);

        public Tensor zero_() => Mutate("zero_", this);

        public static explicit operator float(Tensor value) => value.ToSingle();

        public static explicit operator double(Tensor value) => value.ToDouble();

        public static explicit operator sbyte(Tensor value) => value.ToSByte();

        public static explicit operator byte(Tensor value) => value.ToByte();

        public static explicit operator short(Tensor value) => value.ToInt16();

        public static explicit operator int(Tensor value) => value.ToInt32();

        public static explicit operator long(Tensor value) => value.ToInt64();

        public static explicit operator bool(Tensor value) => value.ToBoolean();
    }

    public static Tensor clone(Tensor input) => input.clone();
}
