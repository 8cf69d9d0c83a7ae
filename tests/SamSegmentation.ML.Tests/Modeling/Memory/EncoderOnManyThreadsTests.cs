using System.Diagnostics;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling.Memory;

/// <summary>glibc keeps freed memory thread by thread; a server's threads must not each keep an encoder's.</summary>
[Collection(LiveTensors.Alone)]
public sealed class EncoderOnManyThreadsTests
{
    private const int Threads = 5;
    private const long Mebibyte = 1 << 20;

    // One block, whose MLP holds two tensors of 32 MiB.
    private static readonly SamConfig s_config = TinyNetwork.Config with
    {
        ImageSize = 512, PatchSize = 4, EncoderDim = 64, EncoderHeads = 2, EncoderDepth = 1, MlpRatio = 8, WindowSize = 8, GlobalAttentionBlocks = [],
    };

    [Fact]
    public void Forward_OnOneThreadAfterTheOther_KeepsTheMemoryOfOne()
    {
        using var encoder = new ImageEncoder(s_config);
        Encode(encoder);
        var before = Resident();

        // All stay alive, as a pool's threads do: what an ended thread has kept goes to the next one.
        using var end = new ManualResetEventSlim();
        var threads = new List<Thread>();
        try
        {
            for (var i = 0; i < Threads; i++)
            {
                using var done = new ManualResetEventSlim();
                var thread = new Thread(() =>
                {
                    Encode(encoder);
                    done.Set();
                    end.Wait(TestContext.Current.CancellationToken);
                });
                thread.Start();
                threads.Add(thread);
                done.Wait(TestContext.Current.CancellationToken);
            }
            var grown = Resident() - before;

            Assert.True(grown < Threads / 2 * 64 * Mebibyte, $"{Threads} threads have kept {grown / Mebibyte} MiB beside the first one's.");
        }
        finally
        {
            end.Set();
            threads.ForEach(thread => thread.Join());
        }
    }

    private static void Encode(ImageEncoder encoder)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        encoder.forward(randn(1, 3, s_config.ImageSize, s_config.ImageSize));
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
