using SamSegmentation.Cli.Data;
using SamSegmentation.ML.Datasets;

namespace SamSegmentation.Cli.Inspection;

/// <summary>What a dataset holds.</summary>
internal sealed record DatasetReport
{
    /// <summary>What it is for: <c>training</c> or <c>validation</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The classes' names by id.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The usable images' sizes, each with how many have it, the most frequent first.</summary>
    public required IReadOnlyList<(int Width, int Height, int Images)> Sizes { get; init; }

    /// <summary>For each class, the pixels that belong to it.</summary>
    public required IReadOnlyList<long> Pixels { get; init; }

    /// <summary>For each class, the images that show it.</summary>
    public required IReadOnlyList<int> Images { get; init; }

    /// <summary>Pixels that belong to no class.</summary>
    public required long VoidPixels { get; init; }

    /// <summary>What is wrong with the samples that cannot be used.</summary>
    public required IReadOnlyList<SampleProblem> Problems { get; init; }

    /// <summary>How many images can be used.</summary>
    public int Usable => Sizes.Sum(size => size.Images);

    /// <summary>How many samples cannot be used.</summary>
    public int Unusable => SkippedSamples.Number(Problems);

    /// <summary>The least and the largest width; null when no image can be used.</summary>
    public (int Least, int Most)? Widths => Sizes.Count == 0 ? null : (Sizes.Min(size => size.Width), Sizes.Max(size => size.Width));

    /// <summary>The least and the largest height; null when no image can be used.</summary>
    public (int Least, int Most)? Heights => Sizes.Count == 0 ? null : (Sizes.Min(size => size.Height), Sizes.Max(size => size.Height));

    /// <summary>All pixels, those of no class too.</summary>
    public long AllPixels => Pixels.Sum() + VoidPixels;

    /// <summary>Reads every mask of a dataset once.</summary>
    /// <param name="name">What the dataset is for.</param>
    /// <param name="dataset">The dataset; what it skipped is what is wrong.</param>
    /// <param name="progress">Told how many images are read.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    public static DatasetReport Of(string name, SegmentationDataset dataset, Action<int> progress, CancellationToken cancellation)
    {
        var (pixels, images, nothing) = (new long[dataset.Classes.Count], new int[dataset.Classes.Count], 0L);
        var done = 0;
        foreach (var sample in dataset.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var here = new long[dataset.Classes.VoidId + 1];
            foreach (var id in sample.Label.Ids)
                here[id]++;
            nothing += here[dataset.Classes.VoidId];
            for (var id = 0; id < pixels.Length; id++)
            {
                pixels[id] += here[id];
                images[id] += here[id] > 0 ? 1 : 0;
            }
            progress(++done);
        }
        return new DatasetReport
        {
            Name = name,
            ClassNames = dataset.Classes.Names,
            Sizes = [.. dataset.Samples
                .GroupBy(sample => (sample.Width, sample.Height))
                .Select(same => (same.Key.Width, same.Key.Height, same.Count()))
                .OrderByDescending(size => size.Item3).ThenBy(size => size.Width).ThenBy(size => size.Height)],
            Pixels = pixels,
            Images = images,
            VoidPixels = nothing,
            Problems = dataset.Skipped,
        };
    }
}
