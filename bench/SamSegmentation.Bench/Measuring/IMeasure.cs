namespace SamSegmentation.Bench.Measuring;

/// <summary>A thing that is measured, in a process of its own.</summary>
internal interface IMeasure
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Measures it in this process.</summary>
    IReadOnlyList<Figure> Run(Effort effort);
}
