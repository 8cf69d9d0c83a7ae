using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Pipeline.Saving;

/// <summary>Inference options in ML.NET's model files; docs/mlnet.md tells the layout.</summary>
internal static class InferenceInFiles
{
    // Far more than anybody has patience for; a damaged file could name billions.
    private const int MostScales = 1000;

    public static void Write(BinaryWriter writer, InferenceOptions options)
    {
        writer.Write((int)options.Window);
        writer.Write(options.Overlap);
        writer.Write(options.Flip);
        writer.Write(options.Scales.Count);
        foreach (var scale in options.Scales)
            writer.Write(scale);
    }

    /// <exception cref="FormatException">They cannot be used; all faults are listed.</exception>
    public static InferenceOptions Read(BinaryReader reader)
    {
        var (window, overlap, flip, count) = ((SlidingWindow)reader.ReadInt32(), reader.ReadDouble(), reader.ReadBoolean(), reader.ReadInt32());
        if (count is < 0 or > MostScales)
            throw new FormatException($"Corrupt model file: {count} scales of inference; expected 0 to {MostScales}.");
        var scales = new double[count];
        for (var i = 0; i < count; i++)
            scales[i] = reader.ReadDouble();
        var options = new InferenceOptions { Window = window, Overlap = overlap, Flip = flip, Scales = scales };
        var faults = options.FindFaults();
        return faults.Count == 0 ? options : throw new FormatException($"Corrupt model file: inference options: {string.Join(' ', faults)}");
    }
}
