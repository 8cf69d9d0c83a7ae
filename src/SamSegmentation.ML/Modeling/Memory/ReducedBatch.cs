namespace SamSegmentation.ML.Modeling.Memory;

/// <summary>Fewer images than were asked for go through a network at once, because they did not fit the device's memory.</summary>
/// <remarks>Results are those of the size that was asked for, up to rounding.</remarks>
/// <param name="Option">The option that asked for them.</param>
/// <param name="From">As many as did not fit.</param>
/// <param name="To">As many as are tried now, and from now on.</param>
/// <param name="Reason">What libtorch says of it.</param>
public sealed record ReducedBatch(string Option, int From, int To, string Reason)
{
    /// <summary>All of it as a sentence.</summary>
    public override string ToString() =>
        $"{From} images at once do not fit the device's memory; it goes on with {To}, and {Option} = {To} spares the attempt. {Reason}";
}
