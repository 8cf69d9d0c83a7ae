using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Runtime;

/// <summary>Errors of libtorch come as ExternalException with its own words.</summary>
public sealed class ErrorTests
{
    [Fact]
    public void NativeErrors_CarryLibtorchsMessage()
    {
        using var scope = NewDisposeScope();
        var cases = new (Action Fault, string Message)[]
        {
            (() => zeros(2, 3).mm(zeros(2, 3)), "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)"),
            (() => zeros(4).view(3), "shape '[3]' is invalid for input of size 4"),
            (() => zeros(4).reshape(3, -1), "shape '[3, -1]' is invalid for input of size 4"),
            (() => cat([zeros(1, 2), zeros(1, 3)]), "Sizes of tensors must match except in dimension 0"),
            (() => zeros(2, 3).narrow(1, 2, 5), "exceeds dimension size (3)"),
            (() => zeros(3).index_select(0, tensor(new[] { 5L })), "index out of range in self"),
            (() => zeros(2, 3).transpose(0, 1).view(6), "view size is not compatible with input tensor's size and stride"),
            (() => zeros(2)[5].ToString(), "select(): index 5 out of range for tensor of size [2] at dimension 0"),
            (() => nn.functional.conv2d(zeros(1, 3, 8, 8), zeros(1, 4, 3, 3)), "to have 4 channels, but got 3 channels instead"),
        };
        foreach (var (fault, message) in cases)
            Assert.Contains(message, Assert.ThrowsAny<ExternalException>(fault).Message);
    }

    [Fact]
    public void AfterAnError_TheThreadWorksOn()
    {
        using var scope = NewDisposeScope();
        for (int n = 0; n < 100; n++)
        {
            Assert.ThrowsAny<ExternalException>(() => zeros(2, 3) + zeros(4));
            TensorAssert.Equal([2], ones(1) + 1);
        }
    }

    [Fact]
    public void Errors_OfSeveralThreads_DoNotMix()
    {
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, n =>
        {
            for (int round = 0; round < 50; round++)
            {
                using var scope = NewDisposeScope();
                var error = Assert.ThrowsAny<ExternalException>(() => zeros(1).view(n + 2));
                Assert.Contains($"shape '[{n + 2}]' is invalid for input of size 1", error.Message);
            }
        });
    }
}
