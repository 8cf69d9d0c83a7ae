using System.Runtime.InteropServices;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Losses;

/// <summary>The losses as their papers write them, pixel by pixel in plain C#, over all pixels of a batch at once.</summary>
internal sealed class SlowLosses
{
    private readonly List<List<(double[] Probabilities, int Truth)>> _images = [];
    private readonly double[] _medianFrequency;
    private readonly int _classes;
    private readonly int _batch;

    public SlowLosses(Tensor logits, IReadOnlyList<TrainingTarget> targets, int voidId, double[] medianFrequency)
    {
        (_medianFrequency, _classes, _batch) = (medianFrequency, (int)logits.shape[1], targets.Count);
        for (var i = 0; i < targets.Count; i++)
        {
            using var scope = NewDisposeScope();
            var values = MemoryMarshal.Cast<byte, double>(InputUpsampling.Upsample(logits.narrow(0, i, 1), targets[i].Geometry).contiguous().bytes).ToArray();
            var ids = targets[i].Label.Ids;
            _images.Add([.. Enumerable.Range(0, ids.Length).Where(p => ids[p] != voidId).Select(p => (Softmax(values, p, ids.Length), (int)ids[p]))]);
        }
    }

    private IEnumerable<(double[] Probabilities, int Truth)> Pixels => _images.SelectMany(image => image);

    public double Of(LossOptions options) => options.Terms.Sum(term => term.Weight * term switch
    {
        CrossEntropyTerm one => CrossEntropy(one),
        FocalTerm one => Pixels.Average(pixel => -WeightsOf(one)[pixel.Truth] * Math.Pow(1 - pixel.Probabilities[pixel.Truth], one.Gamma) * Math.Log(pixel.Probabilities[pixel.Truth])),
        DiceTerm one => Present(Pixels).Average(c => Dice(c, one.Smooth)),
        LovaszTerm => _images.Where(image => image.Count > 0).Average(image => Present(image).Average(c => Lovasz(image, c))),
        OhemTerm one => Ohem(one),
        _ => throw new InvalidOperationException(term.ToString()),
    });

    private double CrossEntropy(CrossEntropyTerm term)
    {
        var weights = WeightsOf(term);
        var sum = Pixels.Sum(pixel => Enumerable.Range(0, _classes).Sum(c =>
            -((pixel.Truth == c ? 1 - term.LabelSmoothing : 0) + term.LabelSmoothing / _classes) * weights[c] * Math.Log(pixel.Probabilities[c])));
        return sum / Pixels.Sum(pixel => weights[pixel.Truth]);
    }

    private double Dice(int c, double smooth)
    {
        var (product, squares, count) = (0.0, 0.0, 0);
        foreach (var (probabilities, truth) in Pixels)
        {
            product += truth == c ? probabilities[c] : 0;
            squares += probabilities[c] * probabilities[c];
            count += truth == c ? 1 : 0;
        }
        return 1 - (2 * product + smooth) / (squares + count + smooth);
    }

    // The Lovász extension by its definition: the sum of the errors in falling order times what each adds to the loss of
    // the set of pixels that are wrong, 1 - |truth without wrong ones| / |truth or wrong|.
    private static double Lovasz(List<(double[] Probabilities, int Truth)> image, int c)
    {
        var count = image.Count(pixel => pixel.Truth == c);
        var errors = image.Select(pixel => (Error: pixel.Truth == c ? 1 - pixel.Probabilities[c] : pixel.Probabilities[c], Is: pixel.Truth == c)).OrderByDescending(one => one.Error);
        var (sum, before, missed, added) = (0.0, 0.0, 0, 0);
        foreach (var (error, isClass) in errors)
        {
            (missed, added) = isClass ? (missed + 1, added) : (missed, added + 1);
            var loss = 1 - (double)(count - missed) / (count + added);
            sum += error * (loss - before);
            before = loss;
        }
        return sum;
    }

    private double Ohem(OhemTerm term)
    {
        var sorted = Pixels.Select(pixel => pixel.Probabilities[pixel.Truth]).Order().ToArray();
        var least = Math.Min(sorted.Length, term.MinimumKept * _batch);
        return sorted.Where((probability, i) => probability < term.Threshold || i < least).Average(probability => -Math.Log(probability));
    }

    private IEnumerable<int> Present(IEnumerable<(double[] Probabilities, int Truth)> pixels) =>
        Enumerable.Range(0, _classes).Where(c => pixels.Any(pixel => pixel.Truth == c));

    private double[] WeightsOf(ClassWeightedTerm term) =>
        term.Balance == ClassBalance.MedianFrequency ? _medianFrequency : term.ClassWeights?.ToArray() ?? [.. Enumerable.Repeat(1.0, _classes)];

    private double[] Softmax(double[] planes, int pixel, int pixels)
    {
        var exponentials = Enumerable.Range(0, _classes).Select(c => Math.Exp(planes[c * pixels + pixel])).ToArray();
        return [.. exponentials.Select(one => one / exponentials.Sum())];
    }
}
