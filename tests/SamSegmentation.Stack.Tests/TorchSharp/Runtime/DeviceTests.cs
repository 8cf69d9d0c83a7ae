using System.Runtime.InteropServices;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Runtime;

[Collection(ThreadCount.Alone)]
public sealed class DeviceTests
{
    [Fact]
    public void Cpu_IsWhereTensorsAre()
    {
        using var made = zeros(1);
        Assert.Equal(DeviceType.CPU, made.device_type);
        Assert.Equal(DeviceType.CPU, made.device.type);
        Assert.Equal("cpu", CPU.ToString());
        using var moved = made.to(CPU);
        Assert.Equal(DeviceType.CPU, moved.device_type);
        using var named = made.to("cpu");
        Assert.Equal(DeviceType.CPU, named.device_type);
    }

    [Fact]
    public void Cuda_WhereThereIsNone_IsAnError()
    {
        Assert.SkipWhen(cuda.is_available(), "this machine has CUDA");
        using var made = zeros(1);
        Assert.ThrowsAny<Exception>(() => made.to(CUDA));
        Assert.ThrowsAny<Exception>(() => made.cuda());
        Assert.ThrowsAny<Exception>(() => zeros(1, device: CUDA));
        using var layer = nn.Linear(1, 1);
        Assert.ThrowsAny<Exception>(() => layer.to(CUDA));
        // Nothing is spoiled by the attempt.
        TensorAssert.Equal([1], made + 1);
    }

    [Fact]
    public void PinMemory_WhereThereIsNoCuda_IsAnError()
    {
        Assert.SkipWhen(cuda.is_available(), "this machine has CUDA");
        using var made = zeros(3);
        Assert.False(made.is_pinned());
        Assert.Throws<ExternalException>(() => made.pin_memory());
        TensorAssert.Equal([1, 1, 1], made + 1);
    }

    [Fact]
    public void PinMemory_WithCuda_HoldsTheSameAndIsCopiedFrom()
    {
        Assert.SkipUnless(cuda.is_available(), "this machine has no CUDA");
        using var scope = NewDisposeScope();
        var pinned = arange(3).pin_memory();
        Assert.True(pinned.is_pinned());
        Assert.True(pinned.pin_memory().is_pinned());
        var there = empty([3], dtype: pinned.dtype, device: CUDA);
        there.copy_(pinned, nonBlocking: true);
        TensorAssert.Equal([0, 1, 2], there.cpu());
    }

    [Fact]
    public void Empty_BeyondAllMemory_IsAnErrorOfTheAllocator()
    {
        var error = Assert.Throws<ExternalException>(() => empty([1L << 55], dtype: ScalarType.Byte));

        Assert.Contains("DefaultCPUAllocator: ", error.Message);
        Assert.Contains("memory", error.Message);
        using var made = zeros(1);
        TensorAssert.Equal([1], made + 1);
    }

    [Fact]
    public void Device_ParsesItsName()
    {
        Assert.Equal(DeviceType.CPU, new Device("cpu").type);
        var second = new Device("cuda:1");
        Assert.Equal(DeviceType.CUDA, second.type);
        Assert.Equal(1, second.index);
        Assert.ThrowsAny<Exception>(() => new Device("gpu"));
    }

    [Fact]
    public void Threads_WithoutAChoice_AreTheCores()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null && Environment.GetEnvironmentVariable("MKL_NUM_THREADS") is null, "the environment chooses");
        Assert.InRange(get_num_threads(), Environment.ProcessorCount / 2, Environment.ProcessorCount);
    }

    [Fact]
    public void Threads_CanBeSetAndRead()
    {
        int before = get_num_threads();
        try
        {
            set_num_threads(1);
            Assert.Equal(1, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
