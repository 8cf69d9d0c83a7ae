using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Onnx;

/// <summary>What of a network goes into an ONNX file, and how. Immutable.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>All defaults.</summary>
    public static OnnxExportOptions Default { get; } = new();

    /// <summary>Which part of the way from pixels to class ids.</summary>
    /// <value>The default is <see cref="OnnxForm.Complete"/>.</value>
    public OnnxForm Form { get; init; } = OnnxForm.Complete;

    /// <summary>How weights are stored.</summary>
    /// <value>The default is <see cref="OnnxPrecision.Float32"/>.</value>
    public OnnxPrecision Precision { get; init; } = OnnxPrecision.Float32;

    /// <summary>Height of the images that the complete form takes, in pixels; other forms take none.</summary>
    /// <value>The default is null: the side of the network's input, 1024 for SAM. At least 1.</value>
    public int? Height { get; init; }

    /// <summary>Width of the images that the complete form takes, in pixels; other forms take none.</summary>
    /// <value>The default is null: the side of the network's input, 1024 for SAM. At least 1.</value>
    public int? Width { get; init; }

    /// <summary>
    /// Whether the complete form also gives the probabilities of all classes: 4 bytes × classes × height × width; other forms
    /// have none.
    /// </summary>
    /// <value>The default is false.</value>
    public bool Probabilities { get; init; }

    /// <summary>Lists everything that makes these options unusable.</summary>
    /// <param name="classes">Number of the network's classes; null when it is not known yet.</param>
    /// <param name="imageSize">Side of the network's input in pixels; null when it is not known yet.</param>
    /// <returns>Empty when the options are sound.</returns>
    public IReadOnlyList<OptionFault> FindFaults(int? classes = null, int? imageSize = null)
    {
        var faults = new List<OptionFault>();
        faults.MustBeDefined(nameof(Form), Form);
        faults.MustBeDefined(nameof(Precision), Precision);
        foreach (var (name, side) in Sides)
        {
            if (side is not { } pixels)
                continue;
            if (pixels >= 1 && Form != OnnxForm.Complete)
                faults.Add(name, $"is {pixels}; the form {Form} takes no images but the network's own input. Only {OnnxForm.Complete} does.");
            faults.MustBeAtLeast(name, pixels, 1);
        }
        if (Probabilities && Form != OnnxForm.Complete)
            faults.Add(nameof(Probabilities), $"the form {Form} gives none; only {OnnxForm.Complete} does.");
        if (faults.Count == 0 && Form == OnnxForm.Complete && (Height ?? imageSize, Width ?? imageSize) is ({ } height, { } width))
            CheckPixels((long)height * width, faults, classes ?? 1);
        if (faults.Count == 0 && imageSize is { } size)
            CheckResizing(size, faults);
        return faults;
    }

    private (string Name, int? Side)[] Sides => [(nameof(Height), Height), (nameof(Width), Width)];

    // ML.NET and ONNX Runtime for .NET give a tensor as an array.
    private void CheckPixels(long pixels, List<OptionFault> faults, int classes)
    {
        var most = Math.Min(ImageLimits.Default.MaxPixels, Array.MaxLength / (Probabilities ? Math.Max(3, classes) : 3));
        if (pixels > most)
            faults.Add(nameof(Height), $"{nameof(Height)}·{nameof(Width)} is {pixels} pixels; it must be at most {most}{(Probabilities ? $", as an array holds the probabilities of {classes} classes" : "")}.");
    }

    // The matrix that brings a side to the network's is an array of the graph.
    private void CheckResizing(int imageSize, List<OptionFault> faults)
    {
        foreach (var (name, side) in Sides)
        {
            if ((long)(side ?? 0) * imageSize > Array.MaxLength)
                faults.Add(name, $"is {side}; it must be at most {Array.MaxLength / imageSize} for a network of {imageSize} pixels.");
        }
    }
}
