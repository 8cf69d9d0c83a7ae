using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get
            {
                var required = Info.RequiresGrad != 0;
                return required;
            }

            set
            {
                NativeMethods.Check(NativeMethods.tsc_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        /// <summary>
        /// The gradient, or null. A property as in 0.107; in 0.99.6 it is a method, so sources that must compile
        /// with both read it through an overload that takes a tensor or a function.
        /// </summary>
        public Tensor? grad
        {
            get
            {
                var handle = NativeMethods.tsc_get_grad(Handle);
                GC.KeepAlive(this);
                return handle == 0 ? null : new Tensor(handle);
            }

            set
            {
                NativeMethods.Check(NativeMethods.tsc_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        /// <summary>
        /// The real library's two flags are left out: in 0.99.6 each does what the other says. <see cref="autograd"/> has them.
        /// </summary>
        public void backward(IList<Tensor>? grad_tensors = null, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, inputs: inputs);

        public void backward() => autograd.backward([this]);

        public Tensor requires_grad_(bool requires_grad = true) => with_requires_grad(requires_grad);

        public Tensor with_requires_grad(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public void retain_grad()
        {
            NativeMethods.Check(NativeMethods.tsc_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        public Tensor detach() => Aten.Call("detach", this);

        public Tensor detach_() => Mutate("detach_", this);
    }

    public static class autograd
    {
        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] outs = Handles(outputs), ins = Handles(inputs), grads = Handles(grad_outputs), results = new nint[inputs.Count];
            fixed (nint* o = outs, i = ins, g = grads, r = results)
            {
                NativeMethods.Check(NativeMethods.tsc_grad(
                    o, outs.Length, i, ins.Length, g, grads.Length,
                    retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            }

            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return results.Select(handle => new Tensor(handle)).ToList();
        }

        public static unsafe void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] roots = Handles(tensors), grads = Handles(grad_tensors), ins = Handles(inputs);
            fixed (nint* t = roots, g = grads, i = ins)
            {
                NativeMethods.Check(NativeMethods.tsc_backward(
                    t, roots.Length, g, grads.Length, (retain_graph ?? create_graph) ? 1 : 0, create_graph ? 1 : 0, i, ins.Length));
            }

            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        private static nint[] Handles(IList<Tensor>? tensors) => tensors is null ? [] : tensors.Select(t => t.Handle).ToArray();
    }
}
