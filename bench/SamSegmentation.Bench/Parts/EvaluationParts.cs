using BenchmarkDotNet.Attributes;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Evaluation;

namespace SamSegmentation.Bench.Parts;

/// <summary>Counting label maps of VOC's size into a confusion matrix.</summary>
public class EvaluationParts
{
    /// <summary>Pixels of an operation.</summary>
    internal const int Pixels = BenchScenes.Height * BenchScenes.Width;

    private readonly ushort[] _truth = BenchScenes.Label(0).Ids;
    private readonly ushort[] _prediction = Predicted(BenchScenes.Label(0).Ids);
    private readonly ushort[] _copy = new ushort[Pixels];
    private readonly ushort[] _noise = Noise();
    private readonly ConfusionMatrix _matrix = new(BenchNetwork.Classes);

    [Benchmark]
    public void Count() => _matrix.Add(_truth, _prediction);

    /// <summary>The worst case: no two neighbours are alike.</summary>
    [Benchmark]
    public void CountNoise() => _matrix.Add(_noise, _noise);

    [Benchmark]
    public void Copy()
    {
        _truth.CopyTo(_copy, 0);
        _prediction.CopyTo(_copy, 0);
    }

    // The truth a little to the side, without void.
    private static ushort[] Predicted(ushort[] truth)
    {
        var ids = new ushort[truth.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            var id = truth[(i + 7) % truth.Length];
            ids[i] = id < BenchNetwork.Classes ? id : (ushort)0;
        }
        return ids;
    }

    private static ushort[] Noise()
    {
        var random = new Random(0);
        var ids = new ushort[Pixels];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = (ushort)random.Next(BenchNetwork.Classes);
        return ids;
    }
}
