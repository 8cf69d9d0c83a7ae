using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Comparisons and logic.</summary>
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Aten.Call("eq.Tensor", this, target);

        public Tensor eq(Scalar target) => Aten.Call("eq.Scalar", this, target);

        public Tensor eq_(Tensor target) => Mutate("eq_.Tensor", this, target);

        public Tensor eq_(Scalar target) => Mutate("eq_.Scalar", this, target);

        public Tensor ne(Tensor target) => Aten.Call("ne.Tensor", this, target);

        public Tensor ne(Scalar target) => Aten.Call("ne.Scalar", this, target);

        public Tensor ne_(Tensor target) => Mutate("ne_.Tensor", this, target);

        public Tensor ne_(Scalar target) => Mutate("ne_.Scalar", this, target);

        public Tensor lt(Tensor target) => Aten.Call("lt.Tensor", this, target);

        public Tensor lt(Scalar target) => Aten.Call("lt.Scalar", this, target);

        public Tensor lt_(Tensor target) => Mutate("lt_.Tensor", this, target);

        public Tensor lt_(Scalar target) => Mutate("lt_.Scalar", this, target);

        public Tensor le(Tensor target) => Aten.Call("le.Tensor", this, target);

        public Tensor le(Scalar target) => Aten.Call("le.Scalar", this, target);

        public Tensor le_(Tensor target) => Mutate("le_.Tensor", this, target);

        public Tensor le_(Scalar target) => Mutate("le_.Scalar", this, target);

        public Tensor gt(Tensor target) => Aten.Call("gt.Tensor", this, target);

        public Tensor gt(Scalar target) => Aten.Call("gt.Scalar", this, target);

        public Tensor gt_(Tensor target) => Mutate("gt_.Tensor", this, target);

        public Tensor gt_(Scalar target) => Mutate("gt_.Scalar", this, target);

        public Tensor ge(Tensor target) => Aten.Call("ge.Tensor", this, target);

        public Tensor ge(Scalar target) => Aten.Call("ge.Scalar", this, target);

        public Tensor ge_(Tensor target) => Mutate("ge_.Tensor", this, target);

        public Tensor ge_(Scalar target) => Mutate("ge_.Scalar", this, target);

        public Tensor logical_and(Tensor other) => Aten.Call("logical_and", this, other);

        public Tensor logical_and_(Tensor other) => Mutate("logical_and_", this, other);

        public Tensor logical_or(Tensor other) => Aten.Call("logical_or", this, other);

        public Tensor logical_or_(Tensor other) => Mutate("logical_or_", this, other);

        public Tensor logical_xor(Tensor other) => Aten.Call("logical_xor", this, other);

        public Tensor logical_xor_(Tensor other) => Mutate("logical_xor_", this, other);

        public Tensor maximum(Tensor other) => Aten.Call("maximum", this, other);

        public Tensor minimum(Tensor other) => Aten.Call("minimum", this, other);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Aten.Call("isclose", this, other, rtol, atol, nanEqual);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Aten.CallBool("allclose", this, target, rtol, atol, equal_nan);

        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            Aten.Call("isin.Tensor_Tensor", this, test_elements, assumeUnique, invert);
    }
}
