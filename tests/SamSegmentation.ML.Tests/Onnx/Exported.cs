using System.Globalization;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Onnx;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Onnx;

/// <summary>Networks as ONNX files, and how far ONNX Runtime's numbers may be from the network's.</summary>
internal static class Exported
{
    /// <summary>The greatest relative error.</summary>
    public static double Tolerance(OnnxPrecision precision) => precision == OnnxPrecision.Float16 ? 1e-2 : 1e-4;

    /// <summary>The share of pixels whose class must be the same.</summary>
    public static double EqualShare(OnnxPrecision precision) => precision == OnnxPrecision.Float16 ? 0.995 : 0.999;

    /// <summary>What a network's file says.</summary>
    public static SavedModelInfo InfoOf(SemanticSam network, Preprocessing preprocessing = Preprocessing.Sam) => new()
    {
        Config = network.Config,
        Head = network.Head,
        ClassNames = [.. Enumerable.Range(0, network.Classes).Select(id => $"class {id}")],
        Preprocessing = preprocessing.ToString(),
    };

    /// <summary>A network's file.</summary>
    public static byte[] Bytes(SemanticSam network, OnnxExportOptions options, Preprocessing preprocessing = Preprocessing.Sam)
    {
        using var stream = new MemoryStream();
        OnnxExporter.Export(network, InfoOf(network, preprocessing), stream, options);
        return stream.ToArray();
    }

    /// <summary>A tensor's values.</summary>
    public static float[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().contiguous().data<float>().ToArray();
    }

    /// <summary>Checks that values are those of a tensor.</summary>
    public static void AreClose(Tensor expected, float[] actual, double tolerance, string what) => AreClose(Values(expected), actual, tolerance, what);

    /// <summary>Checks that ‖actual − expected‖ is small beside ‖expected‖.</summary>
    public static void AreClose(float[] expected, float[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0, size = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow(actual[i] - (double)expected[i], 2);
            size += Math.Pow(expected[i], 2);
        }
        var error = Math.Sqrt(difference / size);
        // Written so that NaN fails too.
        Assert.True(error <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{what}: the relative error is {error:0.0e+0}; {tolerance:0e+0} is allowed."));
    }

    /// <summary>An image of waves and noise.</summary>
    public static RgbImage Image(int height, int width)
    {
        var random = new Random(height * width);
        var pixels = new byte[3 * height * width];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (c, x, y) = (i % 3, i / 3 % width, i / 3 / width);
            pixels[i] = (byte)Math.Clamp(128 + 100 * Math.Sin(0.1 * x * (c + 1) + 0.07 * y) + random.Next(-20, 20), 0, 255);
        }
        return new RgbImage(height, width, pixels);
    }

    /// <summary>An image as the complete form takes it: planes of red, green and blue.</summary>
    public static float[] Planes(RgbImage image)
    {
        var size = image.Height * image.Width;
        var planes = new float[3 * size];
        for (var i = 0; i < planes.Length; i++)
            planes[i] = image.Pixels[3 * (i % size) + i / size];
        return planes;
    }
}
