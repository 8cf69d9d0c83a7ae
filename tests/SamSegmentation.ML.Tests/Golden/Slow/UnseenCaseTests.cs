using SamSegmentation.ML.Modeling;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Golden.Slow;

/// <summary>A case of any dimensions is read and run like the golden ones, without a change: here of plain loops' numbers.</summary>
public sealed class UnseenCaseTests : IDisposable
{
    private static readonly Dictionary<string, (SamConfig Config, int Classes, int Batch)> s_cases = new()
    {
        ["window larger than the grid, odd patches"] = (new()
        {
            ImageSize = 35,
            PatchSize = 7,
            EncoderDim = 12,
            EncoderDepth = 3,
            EncoderHeads = 3,
            WindowSize = 8,
            GlobalAttentionBlocks = [0, 2],
            EmbeddingChannels = 24,
            DecoderHeads = 3,
            DecoderMlpDim = 20,
        }, 2, 3),
        ["window does not divide the grid, many classes"] = (new()
        {
            ImageSize = 24,
            PatchSize = 4,
            EncoderDim = 16,
            EncoderDepth = 1,
            EncoderHeads = 1,
            WindowSize = 4,
            GlobalAttentionBlocks = [],
            EmbeddingChannels = 16,
            DecoderHeads = 8,
            DecoderMlpDim = 30,
        }, 150, 1),
    };

    private readonly TestFolder _folder = new();

    public static TheoryData<string> Cases { get; } = [.. s_cases.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Output_CaseOfOtherDimensions_EqualsPlainLoopsQuantityByQuantity(string name)
    {
        using var scope = NewDisposeScope();
        var (config, classes, batch) = s_cases[name];
        var path = _folder.PathOf("case.safetensors");
        SlowCase.Write(path, config, classes, batch);
        using var run = new GoldenRun(path);

        Assert.Equal((config, classes, batch), (run.Case.Config, run.Case.Classes, run.Case.Batch));
        Assert.Equal(23, run.Case.Quantities.Count);
        foreach (var quantity in run.Case.Quantities)
        {
            var (actual, expected) = (run.Output(quantity), run.Case.Expected(quantity));
            Assert.Equal(expected.shape, actual.shape);
            var error = GoldenError.Relative(actual, expected);
            Assert.True(error <= run.Case.ToleranceOf(quantity), $"{quantity}: the relative error is {error:0.00e+0}.");
        }
    }
}
