using System.Runtime.InteropServices;
using SamSegmentation.ML.Modeling.Memory;
using Xunit;

namespace SamSegmentation.ML.Tests.Modeling.Memory;

public sealed class ImagesAtOnceTests
{
    private readonly List<ReducedBatch> _reduced = [];

    [Theory]
    [InlineData(8, 8, new[] { 8, 8, 4 })]
    [InlineData(8, 3, new[] { 8, 4, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2 })]
    [InlineData(7, 6, new[] { 7, 3, 3, 3, 3, 3, 3, 2 })]
    [InlineData(100, 5, new[] { 20, 10, 5, 5, 5, 5 })]
    public void ForEach_MoreThanFit_DoesEachImageOnceWithHalfAsManyAtATime(int asked, int fit, int[] attempts)
    {
        var atOnce = Make(asked);
        var (tried, done) = (new List<int>(), new List<int>());

        atOnce.ForEach(20, (start, count) =>
        {
            tried.Add(count);
            if (count > fit)
                SmallDevice.RunOut();
            done.AddRange(Enumerable.Range(start, count));
        });

        Assert.Equal(attempts, tried);
        Assert.Equal(Enumerable.Range(0, 20), done);
        Assert.Equal(attempts.Zip(attempts.Skip(1)).Where(pair => pair.First > fit), _reduced.Select(batch => (batch.From, batch.To)));
        Assert.Equal(_reduced.Count == 0 ? asked : _reduced[^1].To, atOnce.Count);
        Assert.All(_reduced, batch =>
        {
            Assert.Equal("TheOption", batch.Option);
            Assert.Contains("DefaultCPUAllocator", batch.Reason);
            Assert.DoesNotContain('\n', batch.Reason);
            Assert.Contains($"goes on with {batch.To}, and TheOption = {batch.To}", $"{batch}");
        });
    }

    [Fact]
    public void Fit_OneImageDoesNotFit_SaysWhatToDoAndHowMuchWasMissing()
    {
        var atOnce = Make(2);

        var error = Assert.Throws<InsufficientMemoryException>(() => atOnce.Fit<int>(2, _ =>
        {
            SmallDevice.RunOut();
            return 0;
        }));

        Assert.Contains("One image at a time does not fit", error.Message);
        Assert.Contains("Do something.", error.Message);
        Assert.Contains($"{1L << 55} bytes", error.Message);
        Assert.IsType<ExternalException>(error.InnerException);
        Assert.Equal(1, Assert.Single(_reduced).To);
    }

    [Fact]
    public void Fit_AnotherError_IsNotTriedAgain()
    {
        var attempts = 0;

        Assert.Throws<ExternalException>(() => Make(4).Fit<int>(4, _ =>
        {
            attempts++;
            throw new ExternalException("mat1 and mat2 shapes cannot be multiplied (3x4 and 5x6)");
        }));

        Assert.Equal(1, attempts);
        Assert.Empty(_reduced);
    }

    [Fact]
    public async Task Fit_SeveralThreadsAtOnce_HalveOnceAndTellOnce()
    {
        var atOnce = Make(8);
        using var barrier = new Barrier(4);

        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () => atOnce.Fit(8, count =>
            {
                if (count < 8)
                    return count;
                // All of them have begun with eight before the first one fails.
                barrier.SignalAndWait(TestContext.Current.CancellationToken);
                SmallDevice.RunOut();
                return count;
            }),
            TaskCreationOptions.LongRunning)));

        Assert.Equal([4, 4, 4, 4], found);
        Assert.Equal((8, 4), (Assert.Single(_reduced).From, _reduced[0].To));
    }

    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 8.00 GiB total capacity; 5.1 GiB already allocated)", true)]
    [InlineData("CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 7.78 GiB of which 10.00 MiB is free.", true)]
    [InlineData("CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported", true)]
    [InlineData("[enforce fail at alloc_cpu.cpp:66] . DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes. Error code 12", true)]
    [InlineData("[enforce fail at alloc_cpu.cpp:114] data. DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes.", true)]
    [InlineData("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", true)]
    [InlineData("cuDNN error: CUDNN_STATUS_ALLOC_FAILED", true)]
    [InlineData("CUDA error: an illegal memory access was encountered", false)]
    [InlineData("Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!", false)]
    [InlineData("shape '[3]' is invalid for input of size 4", false)]
    public void IsExhausted_LibtorchsMessages_AreToldApart(string message, bool expected) =>
        Assert.Equal(expected, DeviceMemory.IsExhausted(new ExternalException(message)));

    private ImagesAtOnce Make(int asked) => new(asked, "TheOption", "Do something.", batch =>
    {
        lock (_reduced)
            _reduced.Add(batch);
    });
}
