using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Onnx;

/// <summary>How a network in an ONNX file is run in a pipeline. Immutable.</summary>
public sealed record OnnxSegmentationOptions
{
    /// <summary>All defaults.</summary>
    public static OnnxSegmentationOptions Default { get; } = new();

    /// <summary>The columns that are read and added, and which of those on request there are.</summary>
    /// <value>The default is <c>Image</c> in, and of the outputs <c>PredictedLabel</c>, <c>PredictedHeight</c>, <c>PredictedWidth</c>.</value>
    public SegmentationColumns Columns { get; init; } = new();

    /// <summary>
    /// The classes that the pipeline counts on, by id; a file with others is refused. The classes of a dataset are
    /// <c>dataset.Classes.Names</c>.
    /// </summary>
    /// <value>The default is null: those of the file.</value>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>
    /// Rows that are decoded and resized together, ahead of the network. The network itself takes one image at a time, as the
    /// file's shapes say.
    /// </summary>
    /// <value>The default is 1. At least 1.</value>
    public int BatchSize { get; init; } = 1;

    /// <summary>How often, and at which sizes, the network looks at an image. Only <see cref="OnnxForm.Network"/> can do so more than once.</summary>
    /// <value>The default is <see cref="InferenceOptions.Default"/>: once.</value>
    public InferenceOptions Inference { get; init; } = InferenceOptions.Default;

    /// <summary>Threads that compute an image.</summary>
    /// <value>The default is null: as many as ONNX Runtime chooses, which is one a core. At least 1. A saved model does not keep it.</value>
    public int? ThreadCount { get; init; }

    /// <summary>Lists everything that makes these options unusable.</summary>
    /// <returns>Empty when the options are sound.</returns>
    public IReadOnlyList<OptionFault> FindFaults()
    {
        var faults = new List<OptionFault>();
        if (Columns is null)
            faults.Add(nameof(Columns), "is null; it must name the columns.");
        else if ((Columns.Outputs & ~SegmentationOutputs.All) != 0)
            faults.Add($"{nameof(Columns)}.{nameof(Columns.Outputs)}", $"is {Columns.Outputs}; it must be some of {string.Join(", ", Enum.GetNames<SegmentationOutputs>())}.");
        else
            CheckNames(Columns, faults);
        faults.MustBeAtLeast(nameof(BatchSize), BatchSize, 1);
        if (ThreadCount is < 1)
            faults.Add(nameof(ThreadCount), $"is {ThreadCount}; it must be at least 1, or null.");
        if (Inference is null)
            faults.Add(nameof(Inference), "is null; it must say how often the network looks at an image.");
        else
            faults.AddWithin(nameof(Inference), Inference.FindFaults());
        return faults;
    }

    private static void CheckNames(SegmentationColumns columns, List<OptionFault> faults)
    {
        if (string.IsNullOrWhiteSpace(columns.Image) || columns.OutputNames.Any(string.IsNullOrWhiteSpace))
            faults.Add(nameof(Columns), "a column's name is blank.");
        foreach (var same in columns.OutputNames.GroupBy(name => name).Where(same => same.Count() > 1))
            faults.Add(nameof(Columns), $"{same.Count()} outputs have the name '{same.Key}'.");
    }
}
