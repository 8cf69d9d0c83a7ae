using System.Diagnostics;
using System.Runtime.CompilerServices;
using SamSegmentation.ML.Tests;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Scopes;

[Collection(LiveTensors.Alone)]
public sealed class LifetimeTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public void TenThousandOperations_LeaveNoTensorAndNoMemory()
    {
        Work(500);
        long tensors = LiveTensors.Count();
        long memory = ResidentBytes();
        Work(10_000);
        Assert.Equal(tensors, LiveTensors.Count());
        // Each operation makes 64 KiB; one in a hundred that is not freed would be 6 MiB, and all of them 1.9 GiB.
        Assert.InRange(ResidentBytes() - memory, long.MinValue, 48 * MiB);

        static void Work(int count)
        {
            using var start = ones(128, 128);
            for (int n = 0; n < count; n++)
            {
                using var scope = NewDisposeScope();
                var product = (start * 2 + n).transpose(0, 1);
                Assert.Equal(2 + n, product[3, 5].item<float>());
            }
        }
    }

    [Fact]
    public void TrainingSteps_LeaveNoTensorAndNoMemory()
    {
        using var network = nn.Sequential(nn.Linear(64, 256), nn.GELU(), nn.Linear(256, 64));
        using var optimizer = optim.AdamW(network.parameters(), 1e-4);
        Train(20);
        long tensors = LiveTensors.Count();
        long memory = ResidentBytes();
        Train(400);
        Assert.Equal(tensors, LiveTensors.Count());
        Assert.InRange(ResidentBytes() - memory, long.MinValue, 48 * MiB);

        void Train(int steps)
        {
            for (int n = 0; n < steps; n++)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                nn.functional.mse_loss(network.call(ones(128, 64)), zeros(128, 64)).backward();
                optimizer.step();
            }
        }
    }

    [Fact]
    public void Finaliser_FreesATensorThatNobodyDisposed()
    {
        long before = LiveTensors.Count();
        Forget();
        Assert.Equal(before, LiveTensors.Count());

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget()
        {
            for (int n = 0; n < 10; n++)
                _ = zeros(16);
        }
    }

    [Fact]
    public void Parameter_TakesOverItsTensor()
    {
        var data = zeros(3);
        using var parameter = new Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        TensorAssert.Equal([0, 0, 0], parameter);
    }

    [Fact]
    public void Dispose_OfAModule_FreesItsTensors()
    {
        long before = LiveTensors.Count();
        using (nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Conv2d(1, 1, 1)))
            LiveTensors.AssertAsMany(before + 6);
        LiveTensors.AssertAsMany(before);
    }

    [Fact]
    public void SeveralThreads_WithTheirOwnScopes_LeaveNoTensor()
    {
        long before = LiveTensors.Count();
        using var shared = arange(1000, dtype: ScalarType.Float64);
        var sums = new double[4];
        var threads = Enumerable.Range(0, sums.Length).Select(n => new Thread(() =>
        {
            for (int round = 0; round < 200; round++)
            {
                using var scope = NewDisposeScope();
                sums[n] += (shared * n).sum().item<double>();
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal([0, 99_900_000, 199_800_000, 299_700_000], sums);
        Assert.Equal(before + 1, LiveTensors.Count());
    }

    private static long ResidentBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
