using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Tests.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

/// <summary>samples/VocTraining as a user runs it: each command is a process of its own.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly SceneFolder _scenes = new(training: 4, validation: 2);

    public void Dispose() => _scenes.Dispose();

    [Fact]
    public void Train_ThenPredictInAFreshProcess_GivesThePredictionsOfTheModelFile()
    {
        var (checkpoint, zip) = (SaveNetwork(), _scenes.PathOf("voc.zip"));
        var log = Run("train", _scenes.Root, checkpoint, zip, "2");
        Assert.Contains("Epoch 2 of 2: loss ", log, StringComparison.Ordinal);
        Assert.Contains("mean IoU", log, StringComparison.Ordinal);
        Assert.Contains("mean IoU", Run("evaluate", _scenes.Root, zip), StringComparison.Ordinal);
        CheckPredictions(zip, new MLContext().Model.Load(zip, out _));
    }

    [Fact]
    public void Predict_NoModel_NamesTheFile()
    {
        using var process = Start("predict", _scenes.PathOf("none.zip"), _scenes.PathOf("out"), "photo.jpg");

        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains(_scenes.PathOf("none.zip"), errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Predict_ChainBetweenStockTransformsInAFreshProcess_GivesTheSamePredictions()
    {
        var context = new MLContext(seed: 1);
        var data = _scenes.Load(context);
        var zip = _scenes.PathOf("chain.zip");
        using var model = TinyTransformer.Create(image: "Photo");
        var first = context.Transforms.CopyColumns("Photo", "Image").Fit(data);
        var last = context.Transforms.CopyColumns("Copy", "PredictedLabel").Fit(model.Transform(first.Transform(data)));
        var chain = new TransformerChain<ITransformer>(first, model, last);
        context.Model.Save(chain, data.Schema, zip);
        CheckPredictions(zip, chain);
    }

    private void CheckPredictions(string zip, ITransformer model)
    {
        using var disposable = model as IDisposable;
        var output = _scenes.PathOf("predicted");
        Run(["predict", zip, output, .. _scenes.Ids.Select((_, i) => _scenes.ImagePath(i))]);
        var expected = Rows.Vectors<byte>(model.Transform(_scenes.Load(new MLContext())), "PredictedLabel");
        Assert.Equal(expected, _scenes.Ids.Select(id => LabelMapPng.Load(Path.Combine(output, $"{id}.png")).Ids.Select(pixel => (byte)pixel)));
    }

    private string SaveNetwork()
    {
        using var network = TinyNetwork.Create(ClassList.Voc.Count);
        SamCheckpoint.SaveModel(network, _scenes.PathOf("sam.safetensors"), new SavedModelInfo { Config = network.Config, ClassNames = ClassList.Voc.Names, Preprocessing = "Sam" });
        return _scenes.PathOf("sam.safetensors");
    }

    private static string Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {errors.Result}");
        return output;
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SamSegmentation.VocTraining.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
