using SamSegmentation.ML.Datasets;

namespace SamSegmentation.ML.Training.Data;

/// <summary>Checks samples before anything is computed from them.</summary>
/// <param name="set">The set's name, for messages.</param>
/// <param name="classes">The classes that labels may hold.</param>
internal sealed class SampleCheck(string set, ClassList classes)
{
    /// <exception cref="DatasetException">The label has another size than the image, or an id that is neither a class nor void.</exception>
    public void Check(LabeledImage sample)
    {
        var (image, label) = (sample.Image, sample.Label);
        if (image.Height != label.Height || image.Width != label.Width)
            throw Fault(sample, $"the label is {label.Width}×{label.Height}, the image {image.Width}×{image.Height}");
        for (var i = 0; i < label.Ids.Length; i++)
        {
            if (!classes.Allows(label.Ids[i]))
            {
                throw Fault(
                    sample,
                    $"pixel (x {i % label.Width}, y {i / label.Width}) of the label has id {label.Ids[i]}; the {classes.Count} classes are 0 to {classes.Count - 1}, void is {classes.VoidId}");
            }
        }
    }

    /// <exception cref="DatasetException">There are no samples.</exception>
    public void CheckNotEmpty(int count)
    {
        if (count == 0)
            throw new DatasetException(set, "it has no samples; expected at least one");
    }

    private DatasetException Fault(LabeledImage sample, string reason) => new(set, $"sample '{sample.Id}': {reason}");
}
