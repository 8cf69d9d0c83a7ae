using System.Buffers.Binary;
using System.Text.Json;
using Xunit;

namespace SamSegmentation.ML.Tests.Golden;

/// <summary>
/// The folder <c>golden/parts</c>: what stands around the network. It is that of <c>GOLDEN_DIR</c>, and where that
/// has none or is not set, the one beside the checkout.
/// </summary>
public static class GoldenParts
{
    /// <summary>The path of a file of the folder; the test is skipped when there is none.</summary>
    public static string PathOf(string name)
    {
        foreach (string folder in GoldenFolder.All())
        {
            string path = Path.Combine(folder, "parts", name);
            if (File.Exists(path))
                return path;
        }
        Assert.Skip($"golden/parts/{name} is neither in GOLDEN_DIR nor beside the checkout (../shared/golden).");
        return "";
    }

    /// <summary>The root of a JSON file of the folder.</summary>
    public static JsonElement Json(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(PathOf(name)));
        return document.RootElement.Clone();
    }

    /// <summary>The shape and the bytes of a tensor in a safetensors file of the folder, read without the library under test.</summary>
    public static (int[] Shape, byte[] Data) Tensor(string file, string tensor)
    {
        byte[] bytes = File.ReadAllBytes(PathOf(file));
        int header = checked((int)BinaryPrimitives.ReadInt64LittleEndian(bytes));
        using var document = JsonDocument.Parse(bytes.AsMemory(8, header));
        var entry = document.RootElement.GetProperty(tensor);
        int[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        var offsets = entry.GetProperty("data_offsets");
        return (shape, bytes[(8 + header + offsets[0].GetInt32())..(8 + header + offsets[1].GetInt32())]);
    }
}
