using Microsoft.Extensions.Logging;
using Xunit;

namespace SamSegmentation.ML.Tests.Hosting;

[Collection(LiveTensors.Alone)]
public sealed class SegmentationPredictorPoolTests
{
    private static readonly CancellationToken s_never = CancellationToken.None;

    [Fact]
    public async Task PredictAsync_ManyAtOnce_ShareOneModelAndGiveWhatThePredictorGives()
    {
        using var host = new PoolHost(new() { ["SamSegmentation:Models:scenes:MaxConcurrency"] = "2", ["SamSegmentation:Models:scenes:WithProbabilities"] = "true" });
        host.Write(kept: 1);
        var predictions = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => host.Pool.PredictAsync(PoolHost.Image, "SCENES", s_never)));
        using var lease = await host.Pool.RentAsync();
        var expected = lease.Predictor.Predict(PoolHost.Image);
        Assert.All(predictions, one => Assert.Equal(expected.Labels.Ids, one.Labels.Ids));
        Assert.Equal(3 * expected.Labels.Ids.Length, predictions[0].Probabilities!.Length);
        Assert.Equal("a1", lease.Info.ClassNames[0]);
        Assert.Single(host.Log.Entries);
    }

    [Fact]
    public async Task RentAsync_InferenceOptions_ReachThePredictor()
    {
        using var host = new PoolHost(new() { ["SamSegmentation:Models:scenes:Inference:Flip"] = "true", ["SamSegmentation:Models:scenes:Inference:Scales:0"] = "0.5" });
        host.Write(kept: 1);
        using var lease = await host.Pool.RentAsync();
        Assert.True(lease.Predictor.Inference.Flip);
        Assert.Equal([0.5], lease.Predictor.Inference.Scales);
    }

    [Fact]
    public async Task RentAsync_AllPlacesTaken_WaitsAndCanBeCancelled()
    {
        using var host = new PoolHost();
        host.Write(kept: 1);
        var first = await host.Pool.RentAsync();
        using var cancellation = new CancellationTokenSource();
        var cancelled = host.Pool.RentAsync(null, cancellation.Token);
        var waiting = host.Pool.RentAsync();
        Assert.False(cancelled.IsCompleted || waiting.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(waiting.IsCompleted);
        first.Dispose();
        first.Dispose(); // gives back once
        // The cancelled one took no place with it, and giving back twice made none.
        using var second = await waiting;
        using var end = new CancellationTokenSource();
        var third = host.Pool.RentAsync(null, end.Token);
        Assert.False(third.IsCompleted);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
    }

    [Fact]
    public async Task RentAsync_NoFile_SaysWhichAndServesWhenItIsThere()
    {
        using var host = new PoolHost();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Pool.RentAsync());
        Assert.Contains("The model 'scenes' cannot be loaded: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(host.ModelPath, error.Message, StringComparison.Ordinal);
        host.Write(kept: 1);
        (await host.Pool.RentAsync()).Dispose();
    }

    [Fact]
    public async Task RentAsync_UnknownName_ListsTheKnownOnes()
    {
        using var host = new PoolHost(new() { ["SamSegmentation:Models:roads:Path"] = "roads.safetensors" });
        var error = await Assert.ThrowsAsync<ArgumentException>(() => host.Pool.RentAsync("cars"));
        Assert.Contains("There is no model 'cars'; registered: roads, scenes", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => host.Pool.RentAsync());
    }

    [Fact]
    public async Task ReloadAsync_ManyTimes_LeavesOneModelAndTheOneOnLoan()
    {
        var before = LiveTensors.Count();
        using (var host = new PoolHost(new() { ["SamSegmentation:Models:scenes:MaxConcurrency"] = "2" }))
        {
            host.Write(kept: 1);
            await host.Pool.ReloadAsync();
            var one = LiveTensors.Count() - before;
            Assert.True(one > 0);
            var onLoan = await host.Pool.RentAsync();
            var expected = onLoan.Predictor.Predict(PoolHost.Image).Labels.Ids;
            for (var i = 0; i < 4; i++)
            {
                host.Write(kept: 2);
                await host.Pool.ReloadAsync();
            }
            LiveTensors.AssertAsMany(before + 2 * one);
            Assert.Equal(expected, onLoan.Predictor.Predict(PoolHost.Image).Labels.Ids);
            using (var now = await host.Pool.RentAsync())
                Assert.Equal(("a1", "a2"), (onLoan.Info.ClassNames[0], now.Info.ClassNames[0]));
            onLoan.Dispose();
            LiveTensors.AssertAsMany(before + one);
        }
        LiveTensors.AssertAsMany(before);
    }

    [Fact]
    public async Task Pool_FileChanges_LoadsItOnceItIsLeftAlone()
    {
        using var host = new PoolHost();
        host.Write(kept: 1);
        await host.Pool.ReloadAsync();
        await host.Log.NextAsync();
        host.Write(kept: 2);
        await host.Clock.PassAsync();
        await host.Log.NextAsync();
        using var lease = await host.Pool.RentAsync();
        Assert.Equal("a2", lease.Info.ClassNames[0]);
    }

    [Fact]
    public async Task Pool_FileIsDamaged_LogsItAndKeepsTheModelBefore()
    {
        using var host = new PoolHost();
        host.Write(kept: 1);
        await host.Pool.ReloadAsync();
        await host.Log.NextAsync();
        await File.WriteAllTextAsync(host.ModelPath, "no model");
        await host.Clock.PassAsync();
        await host.Log.NextAsync();
        var (level, text) = host.Log.Entries.Last();
        Assert.Equal(LogLevel.Error, level);
        Assert.Contains($"'{host.ModelPath}' has changed and cannot be loaded; the model 'scenes' stays as it was.", text, StringComparison.Ordinal);
        using (var lease = await host.Pool.RentAsync())
            Assert.Equal("a1", lease.Info.ClassNames[0]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Pool.ReloadAsync());
    }

    [Fact]
    public async Task Dispose_WithALease_KeepsItsModelAndRefusesOthers()
    {
        var before = LiveTensors.Count();
        var host = new PoolHost();
        host.Write(kept: 1);
        var lease = await host.Pool.RentAsync();
        host.Dispose();
        Assert.Equal(PoolHost.Image.Width, lease.Predictor.Predict(PoolHost.Image).Labels.Width);
        lease.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => host.Pool.RentAsync());
        LiveTensors.AssertAsMany(before);
    }
}
