using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Functions of one number, element by element.</summary>
    public partial class Tensor
    {
        public Tensor abs() => Aten.Call("abs", this);

        public Tensor abs_() => Mutate("abs_", this);

        public Tensor acos() => Aten.Call("acos", this);

        public Tensor acos_() => Mutate("acos_", this);

        public Tensor asin() => Aten.Call("asin", this);

        public Tensor asin_() => Mutate("asin_", this);

        public Tensor atan() => Aten.Call("atan", this);

        public Tensor atan_() => Mutate("atan_", this);

        public Tensor ceil() => Aten.Call("ceil", this);

        public Tensor ceil_() => Mutate("ceil_", this);

        public Tensor cos() => Aten.Call("cos", this);

        public Tensor cos_() => Mutate("cos_", this);

        public Tensor cosh() => Aten.Call("cosh", this);

        public Tensor cosh_() => Mutate("cosh_", this);

        public Tensor erf() => Aten.Call("erf", this);

        public Tensor erf_() => Mutate("erf_", this);

        public Tensor erfc() => Aten.Call("erfc", this);

        public Tensor erfc_() => Mutate("erfc_", this);

        public Tensor exp() => Aten.Call("exp", this);

        public Tensor exp_() => Mutate("exp_", this);

        public Tensor exp2() => Aten.Call("exp2", this);

        public Tensor expm1() => Aten.Call("expm1", this);

        public Tensor expm1_() => Mutate("expm1_", this);

        public Tensor floor() => Aten.Call("floor", this);

        public Tensor floor_() => Mutate("floor_", this);

        public Tensor frac() => Aten.Call("frac", this);

        public Tensor frac_() => Mutate("frac_", this);

        public Tensor isfinite() => Aten.Call("isfinite", this);

        public Tensor isinf() => Aten.Call("isinf", this);

        public Tensor isnan() => Aten.Call("isnan", this);

        public Tensor log() => Aten.Call("log", this);

        public Tensor log_() => Mutate("log_", this);

        public Tensor log10() => Aten.Call("log10", this);

        public Tensor log10_() => Mutate("log10_", this);

        public Tensor log1p() => Aten.Call("log1p", this);

        public Tensor log1p_() => Mutate("log1p_", this);

        public Tensor log2() => Aten.Call("log2", this);

        public Tensor log2_() => Mutate("log2_", this);

        public Tensor logical_not() => Aten.Call("logical_not", this);

        public Tensor logical_not_() => Mutate("logical_not_", this);

        public Tensor neg() => Aten.Call("neg", this);

        public Tensor neg_() => Mutate("neg_", this);

        public Tensor reciprocal() => Aten.Call("reciprocal", this);

        public Tensor reciprocal_() => Mutate("reciprocal_", this);

        public Tensor relu() => Aten.Call("relu", this);

        public Tensor relu_() => Mutate("relu_", this);

        public Tensor rsqrt() => Aten.Call("rsqrt", this);

        public Tensor rsqrt_() => Mutate("rsqrt_", this);

        public Tensor sigmoid() => Aten.Call("sigmoid", this);

        public Tensor sigmoid_() => Mutate("sigmoid_", this);

        public Tensor sign() => Aten.Call("sign", this);

        public Tensor sign_() => Mutate("sign_", this);

        public Tensor sin() => Aten.Call("sin", this);

        public Tensor sin_() => Mutate("sin_", this);

        public Tensor sinh() => Aten.Call("sinh", this);

        public Tensor sinh_() => Mutate("sinh_", this);

        public Tensor sqrt() => Aten.Call("sqrt", this);

        public Tensor sqrt_() => Mutate("sqrt_", this);

        public Tensor square() => Aten.Call("square", this);

        public Tensor tan() => Aten.Call("tan", this);

        public Tensor tan_() => Mutate("tan_", this);

        public Tensor tanh() => Aten.Call("tanh", this);

        public Tensor tanh_() => Mutate("tanh_", this);

        public Tensor trunc() => Aten.Call("trunc", this);

        public Tensor trunc_() => Mutate("trunc_", this);

        public Tensor silu() => Aten.Call("silu", this);

        public Tensor silu_() => Mutate("silu_", this);

        public Tensor erfinv() => Aten.Call("erfinv", this);

        public Tensor erfinv_() => Mutate("erfinv_", this);

        public Tensor negative() => neg();

        public Tensor absolute() => abs();
    }
}
