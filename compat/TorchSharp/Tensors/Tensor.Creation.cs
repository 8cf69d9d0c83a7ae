using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor uniform_(double from, double to, Generator? generator = null) => Mutate("uniform_", this, from, to, generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Mutate("normal_", this, mean, std, generator);

        public Tensor bernoulli(Generator? generator = null) => Aten.Call("bernoulli", this, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Mutate("bernoulli_.float", this, p, generator);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Aten.Call("multinomial", this, num_samples, replacement, generator);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Like("rand_like", dtype, device, requires_grad);

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Like("randn_like", dtype, device, requires_grad);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Like("zeros_like", dtype, device, requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Like("ones_like", dtype, device, requires_grad);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Like("empty_like", dtype, device, requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Finish(Aten.Call("full_like", this, value, dtype, Argument.None, device), requires_grad);

        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Finish(Aten.Call("new_zeros", this, size, dtype, Argument.None, device), requires_grad);

        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Finish(Aten.Call("new_empty", this, size, dtype, Argument.None, device), requires_grad);

        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Finish(Aten.Call("new_full", this, size, value, dtype, Argument.None, device), requires_grad);

        private Tensor Like(string op, ScalarType? dtype, Device? device, bool requires_grad) =>
            Finish(Aten.Call(op, this, dtype, Argument.None, device), requires_grad);
    }
}
