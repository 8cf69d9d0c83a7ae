using System.Text.Json;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Onnx;
using Xunit;

namespace SamSegmentation.ML.Tests.Onnx;

public class OnnxMetadataTests
{
    private static readonly OnnxMetadata s_complete = new()
    {
        Form = OnnxForm.Complete,
        Precision = OnnxPrecision.Float16,
        ClassNames = ["ground", "\"red\"", "größer"],
        Colors = ColorMap.CreateVoc(3),
        Preprocessing = Preprocessing.Sam,
        ImageSize = 64,
        Height = 48,
        Width = 80,
        NetworkHash = new string('a', 64),
        GraphHash = new string('b', 64),
    };

    public static TheoryData<string, string?, string> Faults { get; } = new()
    {
        { "version", null, "was not exported by this library" },
        { "version", "2", "version '2'; this library reads version 1" },
        { "form", "Whole", "found 'Whole'; expected Complete or Network or Encoder or Head" },
        { "form", "0", "found '0'" },
        { "precision", null, "it is missing" },
        { "classes", "[\"a\", null]", "an entry is null" },
        { "classes", "[", "metadata 'samsegmentation.classes'" },
        { "classes", "null", "it is null" },
        { "palette", "[\"#000000\"]", "it has 1 colours for 3 classes" },
        { "palette", "[\"#000000\",\"red\",\"#00000g\"]", "found 'red'; expected #rrggbb" },
        { "preprocessing", "{\"mode\":\"Crop\",\"size\":64}", "found 'Crop'; expected Sam or Stretch" },
        { "preprocessing", "{\"mode\":\"Sam\",\"size\":0}", "'size' is 0; expected a number of pixels" },
        { "preprocessing", "{\"mode\":\"Sam\",\"size\":64}", "'height' is missing" },
        { "network", null, "it is missing" },
        { "sha256", null, "it is missing" },
    };

    [Theory]
    [InlineData(Preprocessing.Sam, OnnxForm.Complete)]
    [InlineData(Preprocessing.Stretch, OnnxForm.Head)]
    public void Read_WhatWasWritten_IsTheSame(Preprocessing preprocessing, OnnxForm form)
    {
        var (height, width) = form == OnnxForm.Complete ? (48, 80) : ((int?)null, (int?)null);
        var written = s_complete with { Preprocessing = preprocessing, Form = form, Height = height, Width = width };

        var read = OnnxMetadata.Read(written.Write(), "x.onnx");

        Assert.Equal(written.ClassNames, read.ClassNames);
        Assert.Equal(Enumerable.Range(0, 3).Select(id => written.Colors[id]), Enumerable.Range(0, read.Colors.Count).Select(id => read.Colors[id]));
        Assert.Equal(written, read with { ClassNames = written.ClassNames, Colors = written.Colors });
    }

    [Theory]
    [InlineData(Preprocessing.Sam, 123.675, 57.375)]
    [InlineData(Preprocessing.Stretch, 0, 255)]
    public void Write_Preprocessing_SaysWhatOtherProgramsNeed(Preprocessing preprocessing, double red, double blue)
    {
        using var how = JsonDocument.Parse((s_complete with { Preprocessing = preprocessing }).Write()["samsegmentation.preprocessing"]);

        Assert.Equal(red, how.RootElement.GetProperty("mean")[0].GetDouble(), 1e-5);
        Assert.Equal(blue, how.RootElement.GetProperty("std")[2].GetDouble(), 1e-5);
    }

    [Fact]
    public void Write_Palette_IsInHexadecimal() =>
        Assert.Equal("[\"#000000\",\"#800000\",\"#008000\"]", s_complete.Write()["samsegmentation.palette"]);

    [Theory]
    [MemberData(nameof(Faults))]
    public void Read_Faulty_NamesFileKeyAndReason(string key, string? value, string reason)
    {
        var metadata = new Dictionary<string, string>(s_complete.Write());
        if (value is null)
            metadata.Remove($"samsegmentation.{key}");
        else
            metadata[$"samsegmentation.{key}"] = value;

        var error = Assert.Throws<InvalidDataException>(() => OnnxMetadata.Read(metadata, "x.onnx"));

        Assert.Contains($"'x.onnx', metadata 'samsegmentation.{key}': ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
