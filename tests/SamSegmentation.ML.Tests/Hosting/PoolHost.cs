using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Hosting;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Tests.Training;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Hosting;

/// <summary>A host with a pool, its model's file, a clock that stands still, and what was logged.</summary>
internal sealed class PoolHost : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ServiceProvider _provider;

    public PoolHost(Dictionary<string, string?>? settings = null)
    {
        ModelPath = _folder.PathOf("model.safetensors");
        var all = new Dictionary<string, string?>(settings ?? []) { ["SamSegmentation:Models:scenes:Path"] = ModelPath };
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<ILogger<SegmentationPredictorPool>>(Log);
        services.AddSamSegmentation(new ConfigurationBuilder().AddInMemoryCollection(all).Build().GetSection("SamSegmentation"));
        _provider = services.BuildServiceProvider();
        Pool = _provider.GetRequiredService<SegmentationPredictorPool>();
    }

    public string ModelPath { get; }

    public StoppedClock Clock { get; } = new();

    public RecordingLogger Log { get; } = new();

    public SegmentationPredictorPool Pool { get; }

    public static RgbImage Image { get; } = TinyScenes.Make(1, 40, 56).Image;

    /// <summary>Writes a model that keeps one class's hypernetwork and names it, in one step as the library writes its files.</summary>
    public void Write(int kept)
    {
        using var network = TinyNetwork.Create();
        using (no_grad())
        using (NewDisposeScope())
        {
            foreach (var (name, value) in network.state_dict())
            {
                if (name.Contains("hypernetworks_mlps", StringComparison.Ordinal) && !name.Contains($"hypernetworks_mlps.{kept}", StringComparison.Ordinal))
                    value.zero_();
            }
        }
        SamCheckpoint.SaveModel(network, ModelPath, new SavedModelInfo { Config = network.Config, ClassNames = [$"a{kept}", "b", "c"], Preprocessing = nameof(Preprocessing.Sam) });
    }

    public void Dispose()
    {
        _provider.Dispose();
        _folder.Dispose();
    }
}
