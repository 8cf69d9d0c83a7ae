using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Runs;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Resuming;

/// <summary>What a run is not resumed with, and what becomes of damaged states.</summary>
[Collection(LiveTensors.Alone)]
public sealed class ResumeRefusalTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SemanticSam _model = TinyNetwork.Create();

    private string Run => Path.Combine(_folder.Root, "run");

    private string StateFolder => Path.Combine(Run, "state");

    private TrainingOptions Options => TinyRun.Options with { RunFolder = Run, CacheFolder = Path.Combine(_folder.Root, "cache"), CheckpointEvery = 1, EmaDecay = 0.9 };

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Resume_OtherOptions_NamesEachDifferenceAndReadsNoImage()
    {
        Die();
        var files = Contents();

        var error = Assert.Throws<ResumeException>(() => TinyRun.Train(
            _model, Options with { Resume = true, Epochs = 5, Loss = LossOptions.Parse("dice"), LearningRate = 0.5, EmaDecay = null },
            TinyRun.NeverRead()));

        Assert.Equal(["Epochs: 2 then, 5 now", "LearningRate: 0.003 then, 0.5 now", "Loss: \"0.5*cross_entropy\" then, \"dice\" now", "EmaDecay: 0.9 then, none now"], error.Details);
        Assert.All(error.Details, detail => Assert.Contains(detail, error.Message, StringComparison.Ordinal));
        Assert.Equal(Run, error.RunFolder);
        Assert.Equal(files, Contents());
    }

    [Fact]
    public void Resume_OtherFolderOfTheCacheLoggingAndMemory_IsAllowed()
    {
        Die();

        var result = TinyRun.Train(_model, Options with { Resume = true, CacheFolder = null, ReuseCache = false, LogEvery = 1, ImagesLogged = 0, SaveModel = false, ThreadCount = Threads(), CheckpointEvery = null, MicroBatchSize = 1, EncoderBatchSize = 2 });

        Assert.Equal(4, result.Steps);

        static int Threads() => TorchSharp.torch.get_num_threads();
    }

    [Fact]
    public void Resume_OtherNetworkOrClasses_IsRefused()
    {
        Die();
        using var four = TinyNetwork.Create(classes: 4);
        using var other = TinyNetwork.Create();
        using (TorchSharp.torch.no_grad())
            other.image_encoder.parameters().First().fill_(1);

        var classes = Assert.Throws<ResumeException>(() => new SegmentationTrainer(four, ["grey", "red", "green", "blue"], Options with { Resume = true }).Train(TinyRun.TrainingSet));
        var weights = Assert.Throws<ResumeException>(() => TinyRun.Train(other, Options with { Resume = true }));

        Assert.Equal("the classes: grey, red, green then, grey, red, green, blue now", Assert.Single(classes.Details));
        Assert.Contains("the weights that are not trained: their hash was ", Assert.Single(weights.Details), StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_OtherData_NamesTheSetAndTheFirstSample()
    {
        Die();
        var files = Contents();
        var changed = TinyRun.TrainingSet.ToArray();
        changed[5] = TinyRun.Scene(50) with { Id = "scene 5" };

        var content = Refused(changed, null);
        var order = Refused(TinyRun.TrainingSet.Reverse(), null);
        var fewer = Refused(TinyRun.TrainingSet.Take(7), TinyRun.ValidationSet);

        Assert.Equal(["the training set: sample 6 of 8 is 'scene 5' now; it had another id, image or label then"], content);
        Assert.Equal(["the training set: sample 1 of 8 is 'scene 7' now; it had another id, image or label then"], order);
        Assert.Equal(["the training set: 8 images then, 7 images now", "the validation set: none then, 3 images now"], fewer);
        Assert.Equal(files, Contents());

        IReadOnlyList<string> Refused(IEnumerable<ML.Datasets.LabeledImage> training, IEnumerable<ML.Datasets.LabeledImage>? validation) =>
            Assert.Throws<ResumeException>(() => TinyRun.Train(_model, Options with { Resume = true }, training, validation)).Details;
    }

    [Theory]
    [InlineData(".safetensors")]
    [InlineData(".optimizer")]
    [InlineData(".sha256")]
    public void Resume_TheNewestStateDamaged_GoesOnFromTheOneBeforeAndSaysSo(string kind)
    {
        var whole = RunTrace.Whole(Options with { RunFolder = Path.Combine(_folder.Root, "whole") });
        Die(validate: true);
        var newest = Directory.GetFiles(StateFolder, "*" + kind).Max()!;
        Damage(newest);
        using var model = TinyNetwork.Create();
        ResumedRun? resumed = null;

        var result = TinyRun.Train(model, Options with { Resume = true }, validation: TinyRun.ValidationSet, progress: progress => resumed = progress.Resumed ?? resumed);

        var warning = Assert.Single(resumed!.Warnings);
        Assert.Contains(newest, warning, StringComparison.Ordinal);
        Assert.EndsWith("going on from the state before it", warning, StringComparison.Ordinal);
        Assert.Equal(2, resumed.Step);
        Assert.Contains("\"epochs\":1,\"step\":2,\"warnings\":[\"", File.ReadAllText(Path.Combine(Run, "log.jsonl")), StringComparison.Ordinal);
        whole.AssertSame(new RunTrace(result, MiniNetwork.Bytes(model), Run));
    }

    [Fact]
    public void Resume_EveryStateDamaged_IsRefusedWithEachDamage()
    {
        Die();
        var lists = Directory.GetFiles(StateFolder, "*.sha256").OrderDescending().ToArray();
        Damage(Path.ChangeExtension(lists[0], ".optimizer"));
        File.Delete(Path.ChangeExtension(lists[1], ".safetensors"));

        var error = Assert.Throws<ResumeException>(() => TinyRun.Train(_model, Options with { Resume = true }));

        Assert.Equal(2, lists.Length);
        Assert.Equal(2, error.Details.Count);
        Assert.Contains(".optimizer' cannot be used: its SHA-256 is ", error.Details[0], StringComparison.Ordinal);
        Assert.Contains(Path.ChangeExtension(lists[1], ".safetensors"), error.Details[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_ARunWithoutStates_IsRefused()
    {
        TinyRun.Train(_model, Options with { CheckpointEvery = 0 });

        Assert.False(Directory.Exists(StateFolder));
        Assert.Contains("there is a last.safetensors, but no state", Assert.Throws<ResumeException>(() => TinyRun.Train(_model, Options with { Resume = true })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Resume_TheLogCutShort_GoesOnAndSaysSo(bool allOfIt)
    {
        Die();
        var log = Path.Combine(Run, "log.jsonl");
        var lines = File.ReadAllText(log);
        File.WriteAllText(log, allOfIt ? "" : lines[..(lines.IndexOf('\n') + 5)]);
        ResumedRun? resumed = null;

        var result = TinyRun.Train(_model, Options with { Resume = true }, progress: progress => resumed = progress.Resumed ?? resumed);

        Assert.Equal(4, result.Steps);
        Assert.Contains("log.jsonl' is shorter than when the state was written", Assert.Single(resumed!.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Claim_AFolderInWhichARunIsAtWork_IsRefused()
    {
        using var first = RunFolder.Claim(Run, resume: true);

        Assert.Contains("does another process train in it?", Assert.Throws<IOException>(() => RunFolder.Claim(Run, resume: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Claim_AFolderOfStates_IsRefusedToANewRun()
    {
        Directory.CreateDirectory(StateFolder);

        Assert.Contains("holds a run already: there is a state.", Assert.Throws<IOException>(() => RunFolder.Claim(Run, resume: false)).Message, StringComparison.Ordinal);
        RunFolder.Claim(Run, resume: true).Dispose();
    }

    // After the third of four steps; the states of the second and the third are there.
    private void Die(bool validate = false)
    {
        using var model = TinyNetwork.Create();
        Assert.Throws<InvalidDataException>(() => TinyRun.Train(model, Options, validation: validate ? TinyRun.ValidationSet : null, progress: progress =>
        {
            if (progress is { Epoch: 2, Done: 1, Loss: not null })
                throw new InvalidDataException("death");
        }));
    }

    private static void Damage(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 3] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private Dictionary<string, byte[]> Contents() => Directory.GetFiles(Run, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
}
