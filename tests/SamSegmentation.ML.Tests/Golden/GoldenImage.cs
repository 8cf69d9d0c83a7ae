using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Golden;

/// <summary>The input of a full-size case: smoothed noise that the hash makes.</summary>
internal static class GoldenImage
{
    /// <summary>Makes images, uint8 [B, 3, S, S].</summary>
    public static Tensor Make(int batch, int size)
    {
        using var scope = NewDisposeScope();
        var noise = new float[batch * 3L * size * size];
        for (var j = 0; j < noise.Length; j++)
            noise[j] = (float)Math.Floor(GoldenWeights.Uniform("image", j) * 256);
        var smooth = nn.functional.avg_pool2d(tensor(noise, [batch, 3, size, size]), 9, 1, 4);
        return (smooth * 2.2 - 150).clamp(0, 255).to(ScalarType.Byte).MoveToOuterDisposeScope();
    }
}
