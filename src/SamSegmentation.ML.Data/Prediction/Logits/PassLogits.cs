using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction.Passes;

namespace SamSegmentation.ML.Prediction.Logits;

/// <summary>
/// What a network without tensors of ours says of an image that takes one pass. Pixels are decided some rows at a time, so
/// that memory grows with the image's size but not with size × classes unless probabilities are asked for.
/// </summary>
/// <param name="Logits">The output.</param>
/// <param name="Plan">The plan, of one pass.</param>
internal sealed record PassLogits(LogitSquare Logits, InferencePlan Plan) : ImageOutput
{
    // Pixels at once: logits, maxima and ids of so many stay in the cache while the classes pass over them.
    private const int Block = 1 << 14;

    public override LabelMap Classify()
    {
        var map = new LabelMap(Plan.Height, Plan.Width);
        var best = new float[map.Ids.Length];
        ForEachPlane((id, from, plane) => PixelArgmax.Update(plane, id, best.AsSpan(from, plane.Length), map.Ids.AsSpan(from, plane.Length)));
        return map;
    }

    public override (LabelMap Labels, float[] Probabilities) ClassifyWithProbabilities()
    {
        var probabilities = ProbabilityArray.Create(Logits.Classes, Plan.Height, Plan.Width);
        var map = new LabelMap(Plan.Height, Plan.Width);
        var best = new float[map.Ids.Length];
        ForEachPlane((id, from, plane) =>
        {
            PixelArgmax.Update(plane, id, best.AsSpan(from, plane.Length), map.Ids.AsSpan(from, plane.Length));
            plane.CopyTo(probabilities.AsSpan(id * map.Ids.Length + from));
        });
        PixelSoftmax.Normalize(probabilities, best);
        return (map, probabilities);
    }

    private void ForEachPlane(Action<int, int, ReadOnlySpan<float>> use)
    {
        var (rows, columns) = (Plan.Passes[0].Rows, Plan.Passes[0].Columns);
        var across = columns.Places(0, Plan.Width, Logits.Width, Plan.Size, mirrored: false);
        var blockRows = Math.Clamp(Block / Plan.Width, 1, Plan.Height);
        var plane = new float[blockRows * Plan.Width];
        float[] wide = [];
        for (var top = 0; top < Plan.Height; top += blockRows)
        {
            var count = Math.Min(blockRows, Plan.Height - top);
            var down = rows.Places(top, count, Logits.Height, Plan.Size, mirrored: false);
            if (wide.Length < down.Needed * Plan.Width)
                wide = new float[down.Needed * Plan.Width];
            for (var id = 0; id < Logits.Classes; id++)
            {
                Logits.Upsample(id, down, across, wide, plane);
                use(id, top * Plan.Width, plane.AsSpan(0, count * Plan.Width));
            }
        }
    }
}
