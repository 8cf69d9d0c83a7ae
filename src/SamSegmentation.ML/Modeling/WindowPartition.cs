using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Cuts a grid of tokens into square windows and puts it together again (Li et al., "Exploring plain vision transformer
/// backbones for object detection", 2022, section 3). A grid that the window does not divide is padded at the bottom
/// and at the right.
/// </summary>
internal static class WindowPartition
{
    /// <summary>Cuts a grid into windows.</summary>
    /// <param name="grid">[B, H, W, C].</param>
    /// <param name="window">Side k of a window in tokens; it may exceed the grid.</param>
    /// <param name="padding">[C]: what a padded token holds.</param>
    /// <returns>[B·⌈H/k⌉·⌈W/k⌉, k, k, C], image by image, row by row.</returns>
    internal static Tensor Split(Tensor grid, long window, Tensor padding)
    {
        using var scope = NewDisposeScope();
        var (batch, height, width, channels) = (grid.shape[0], grid.shape[1], grid.shape[2], grid.shape[3]);
        var (rows, columns) = (Count(height, window), Count(width, window));
        var (below, beside) = (rows * window - height, columns * window - width);

        var padded = grid;
        if (beside > 0)
            padded = cat([padded, padding.expand(batch, height, beside, channels)], 2);
        if (below > 0)
            padded = cat([padded, padding.expand(batch, below, columns * window, channels)], 1);

        return padded.reshape(batch, rows, window, columns, window, channels)
            .permute(0, 1, 3, 2, 4, 5)
            .reshape(batch * rows * columns, window, window, channels)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Puts windows together and crops the padding: the inverse of <see cref="Split"/>.</summary>
    /// <param name="windows">[B·⌈H/k⌉·⌈W/k⌉, k, k, C].</param>
    /// <param name="height">The grid's height H.</param>
    /// <param name="width">The grid's width W.</param>
    /// <returns>[B, H, W, C].</returns>
    internal static Tensor Merge(Tensor windows, long height, long width)
    {
        using var scope = NewDisposeScope();
        var (window, channels) = (windows.shape[1], windows.shape[3]);
        var (rows, columns) = (Count(height, window), Count(width, window));

        return windows.reshape(-1, rows, columns, window, window, channels)
            .permute(0, 1, 3, 2, 4, 5)
            .reshape(-1, rows * window, columns * window, channels)
            .narrow(1, 0, height)
            .narrow(2, 0, width)
            .MoveToOuterDisposeScope();
    }

    private static long Count(long extent, long window) => (extent + window - 1) / window;
}
