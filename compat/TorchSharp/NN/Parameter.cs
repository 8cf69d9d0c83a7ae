using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that training changes. It takes over the data's native tensor, and its place in a dispose scope.</summary>
    public class Parameter : Tensor
    {
        public Parameter(Tensor data, bool requires_grad = true)
            : base(data.with_requires_grad(requires_grad))
        {
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
