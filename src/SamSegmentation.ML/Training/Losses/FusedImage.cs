using System.Numerics;
using SamSegmentation.ML.Prediction.Passes;
using SamSegmentation.ML.Training.Data;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// The cross-entropy of one image and its gradient in one pass over its pixels: upsampling, softmax, loss, gradient and
/// the way back to the cells, a vector of pixels at a time. No more than two rows of logits at the input's width exist.
/// </summary>
internal sealed class FusedImage : IDisposable
{
    private readonly int _classes;
    private readonly int _height;
    private readonly int _width;
    private readonly TrainingTarget _target;
    private readonly int _voidId;
    private readonly float[] _classWeights;
    private readonly double _scale;
    private readonly CellPlaces _rows;
    private readonly float[] _scratch;
    private readonly int[] _labels;
    private readonly float[] _weights;
    private readonly int[] _ids;
    private FusedRow _near;
    private FusedRow _far;

    /// <summary>Makes room for rows of an image.</summary>
    /// <param name="shape">The logits': …, classes, height, width.</param>
    /// <param name="target">The label.</param>
    /// <param name="voidId">The id of pixels that do not count.</param>
    /// <param name="classWeights">Each class's weight.</param>
    /// <param name="scale">What a pixel's loss is multiplied with beside its class's weight.</param>
    public FusedImage(ReadOnlySpan<long> shape, TrainingTarget target, int voidId, float[] classWeights, double scale)
    {
        (_classes, _height, _width) = ((int)shape[^3], (int)shape[^2], (int)shape[^1]);
        (_target, _voidId, _classWeights, _scale) = (target, voidId, classWeights, scale);
        var geometry = target.Geometry;
        _rows = Places(_height, geometry.ContentHeight);
        var columns = Places(_width, geometry.ContentWidth);
        (_near, _far) = (new FusedRow(_classes, columns), new FusedRow(_classes, columns));
        var pixels = FusedRow.Groups(geometry.ContentWidth) * Vector<float>.Count;
        _scratch = new float[_classes * Vector<float>.Count];
        _labels = new int[pixels];
        _weights = new float[pixels];
        _ids = new int[pixels];

        // Bilinear interpolation with align_corners: false.
        CellPlaces Places(int cells, int content) => CellPlaces.Of(content, cells, i => (i + 0.5) * ((double)cells / geometry.Size) - 0.5);
    }

    /// <summary>Computes the loss.</summary>
    /// <param name="logits">Classes × height × width.</param>
    /// <param name="gradient">Takes the gradient by the logits; zeros before.</param>
    /// <param name="ids">Takes each pixel's class at the input's size; empty when nobody asks.</param>
    /// <returns>The sum of the pixels' losses.</returns>
    public double Compute(ReadOnlySpan<float> logits, Span<float> gradient, Span<ushort> ids)
    {
        var sum = 0.0;
        var pixels = _target.Geometry.ContentWidth;
        for (var y = 0; y < _rows.Count; y++)
        {
            HoldRows(y, logits, gradient);
            ReadLabels(y);
            sum += ComputeRow(_rows.FarWeights[y], ids.Length > 0);
            for (var x = 0; x < pixels && ids.Length > 0; x++)
                ids[y * pixels + x] = (ushort)_ids[x];
        }
        _near.Flush(gradient, _height, _width);
        _far.Flush(gradient, _height, _width);
        return sum * _scale;
    }

    /// <summary>Gives the rows' memory back.</summary>
    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    private void HoldRows(int y, ReadOnlySpan<float> logits, Span<float> gradient)
    {
        if (_near.Row != _rows.Near[y])
        {
            (_near, _far) = (_far, _near);
            Hold(_near, _rows.Near[y], logits, gradient);
        }
        // The last row has nothing behind it; what stands there is multiplied with 0.
        if (_rows.Far[y] != _rows.Near[y])
            Hold(_far, _rows.Far[y], logits, gradient);
    }

    private void Hold(FusedRow held, int row, ReadOnlySpan<float> logits, Span<float> gradient)
    {
        if (held.Row == row)
            return;
        held.Flush(gradient, _height, _width);
        held.Load(row, logits, _height, _width);
    }

    private void ReadLabels(int y)
    {
        var width = _target.Label.Width;
        var row = _target.Label.Ids.AsSpan(y * width, width);
        // No class is below 0: void pixels, and those behind the row, are nobody's.
        for (var x = 0; x < row.Length; x++)
        {
            var isVoid = row[x] == _voidId;
            _labels[x] = isVoid ? -1 : row[x];
            _weights[x] = isVoid ? 0 : _classWeights[row[x]];
        }
        _labels.AsSpan(row.Length).Fill(-1);
    }

    private unsafe double ComputeRow(float share, bool classify)
    {
        var (toFar, toNear) = (new Vector<float>(share), new Vector<float>(1 - share));
        var scale = new Vector<float>((float)_scale);
        var losses = Vector<float>.Zero;
        fixed (float* near = _near.Values, far = _far.Values, nearGradient = _near.Gradients, farGradient = _far.Gradients, scratch = _scratch, weights = _weights)
        fixed (int* labels = _labels, ids = _ids)
        {
            var length = _classes * Vector<float>.Count;
            for (var group = 0; group < _labels.Length / Vector<float>.Count; group++)
            {
                var label = Vector.Load(labels + group * Vector<float>.Count);
                var weight = Vector.Load(weights + group * Vector<float>.Count);
                var valid = Vector.GreaterThanOrEqual(label, Vector<int>.Zero);
                var (best, ofLabel, bestId, id) = (new Vector<float>(float.NegativeInfinity), Vector<float>.Zero, Vector<int>.Zero, Vector<int>.Zero);
                var start = group * length;
                for (var i = 0; i < length; i += Vector<float>.Count, id += Vector<int>.One)
                {
                    var logit = Vector.FusedMultiplyAdd(Vector.Load(far + start + i), toFar, Vector.Load(near + start + i) * toNear);
                    Vector.Store(logit, scratch + i);
                    var better = Vector.GreaterThan(logit, best);
                    best = Vector.ConditionalSelect(better, logit, best);
                    bestId = Vector.ConditionalSelect(better, id, bestId);
                    ofLabel = Vector.ConditionalSelect(Vector.Equals(label, id), logit, ofLabel);
                }
                if (classify)
                    Vector.Store(bestId, ids + group * Vector<float>.Count);
                var sum = Vector<float>.Zero;
                for (var i = 0; i < length; i += Vector<float>.Count)
                {
                    var e = VectorExp.OfNegative(Vector.Load(scratch + i) - best);
                    Vector.Store(e, scratch + i);
                    sum += e;
                }
                losses += Vector.ConditionalSelect(valid, weight * (best - ofLabel + Vector.Log(sum)), Vector<float>.Zero);
                if (Vector.EqualsAll(valid, Vector<int>.Zero))
                    continue;
                // The gradient is softmax minus one at the label, times the pixel's weight.
                var factor = Vector.ConditionalSelect(valid, weight * scale / sum, Vector<float>.Zero);
                id = Vector<int>.Zero;
                for (var i = 0; i < length; i += Vector<float>.Count, id += Vector<int>.One)
                {
                    var e = Vector.Load(scratch + i);
                    var g = Vector.ConditionalSelect(Vector.Equals(label, id), e - sum, e) * factor;
                    Vector.Store(Vector.FusedMultiplyAdd(g, toNear, Vector.Load(nearGradient + start + i)), nearGradient + start + i);
                    Vector.Store(Vector.FusedMultiplyAdd(g, toFar, Vector.Load(farGradient + start + i)), farGradient + start + i);
                }
            }
        }
        return Vector.Sum(losses);
    }
}
