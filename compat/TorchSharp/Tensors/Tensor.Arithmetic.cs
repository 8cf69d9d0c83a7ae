using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Arithmetic with broadcasting.</summary>
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Aten.Call("add.Tensor", this, target);

        public Tensor add(Tensor target, Scalar alpha) => Aten.Call("add.Tensor", this, target, alpha);

        public Tensor add(Scalar scalar) => Aten.Call("add.Scalar", this, scalar);

        public Tensor add(Scalar scalar, Scalar alpha) => Aten.Call("add.Scalar", this, scalar, alpha);

        public Tensor add_(Tensor target) => Mutate("add_.Tensor", this, target);

        public Tensor add_(Tensor target, Scalar alpha) => Mutate("add_.Tensor", this, target, alpha);

        public Tensor add_(Scalar scalar) => Mutate("add_.Scalar", this, scalar);

        public Tensor add_(Scalar scalar, Scalar alpha) => Mutate("add_.Scalar", this, scalar, alpha);

        public Tensor sub(Tensor target) => Aten.Call("sub.Tensor", this, target);

        public Tensor sub(Scalar target) => Aten.Call("sub.Scalar", this, target);

        public Tensor sub_(Tensor target) => Mutate("sub_.Tensor", this, target);

        public Tensor sub_(Scalar target) => Mutate("sub_.Scalar", this, target);

        public Tensor subtract(Tensor target) => Aten.Call("sub.Tensor", this, target);

        public Tensor subtract(Scalar target) => Aten.Call("sub.Scalar", this, target);

        public Tensor subtract_(Tensor target) => Mutate("sub_.Tensor", this, target);

        public Tensor subtract_(Scalar target) => Mutate("sub_.Scalar", this, target);

        public Tensor mul(Tensor target) => Aten.Call("mul.Tensor", this, target);

        public Tensor mul(Scalar target) => Aten.Call("mul.Scalar", this, target);

        public Tensor mul_(Tensor target) => Mutate("mul_.Tensor", this, target);

        public Tensor mul_(Scalar target) => Mutate("mul_.Scalar", this, target);

        public Tensor multiply(Tensor target) => Aten.Call("mul.Tensor", this, target);

        public Tensor multiply(Scalar target) => Aten.Call("mul.Scalar", this, target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.Call("div.Tensor_mode", this, target, Name(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Mutate("div_.Tensor_mode", this, target, Name(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.Call("div.Scalar_mode", this, target, Name(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Mutate("div_.Scalar_mode", this, target, Name(rounding_mode));

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.Call("div.Tensor_mode", this, target, Name(rounding_mode));

        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Mutate("div_.Tensor_mode", this, target, Name(rounding_mode));

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.Call("div.Scalar_mode", this, target, Name(rounding_mode));

        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Mutate("div_.Scalar_mode", this, target, Name(rounding_mode));

        public Tensor remainder(Tensor target) => Aten.Call("remainder.Tensor", this, target);

        public Tensor remainder_(Tensor target) => Mutate("remainder_.Tensor", this, target);

        public Tensor remainder(Scalar scalar) => Aten.Call("remainder.Scalar", this, scalar);

        public Tensor remainder_(Scalar scalar) => Mutate("remainder_.Scalar", this, scalar);

        public Tensor fmod(Tensor target) => Aten.Call("fmod.Tensor", this, target);

        public Tensor fmod_(Tensor target) => Mutate("fmod_.Tensor", this, target);

        public Tensor fmod(Scalar scalar) => Aten.Call("fmod.Scalar", this, scalar);

        public Tensor fmod_(Scalar scalar) => Mutate("fmod_.Scalar", this, scalar);

        public Tensor floor_divide(Tensor other) => Aten.Call("floor_divide", this, other);

        public Tensor floor_divide(Scalar other) => Aten.Call("floor_divide.Scalar", this, other);

        public Tensor pow(Tensor exponent) => Aten.Call("pow.Tensor_Tensor", this, exponent);

        public Tensor pow(Scalar exponent) => Aten.Call("pow.Tensor_Scalar", this, exponent);

        public Tensor pow_(Tensor exponent) => Mutate("pow_.Tensor", this, exponent);

        public Tensor pow_(Scalar exponent) => Mutate("pow_.Scalar", this, exponent);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Call("addcmul", this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Mutate("addcmul_", this, tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Call("addcdiv", this, tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Aten.Call("addcdiv", this, tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Mutate("addcdiv_", this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Mutate("addcdiv_", this, tensor1, tensor2);

        public Tensor lerp(Tensor end, Tensor weight) => Aten.Call("lerp.Tensor", this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) => Mutate("lerp_.Tensor", this, end, weight);

        public Tensor atan2(Tensor other) => Aten.Call("atan2", this, other);

        public Tensor hypot(Tensor other) => Aten.Call("hypot", this, other);

        private static string? Name(RoundingMode mode) => mode switch
        {
            RoundingMode.None => null,
            RoundingMode.trunc => "trunc",
            RoundingMode.floor => "floor",
            _ => throw new ArgumentException($"unknown rounding mode {mode}"),
        };
    }
}
