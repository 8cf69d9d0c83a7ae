using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Models;

/// <summary>Every byte of a model file is the same whichever build wrote it, so that files go from one to the other.</summary>
public sealed class ModelLayoutTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Save_OfAChain_WritesTheSameBytesEverywhere()
    {
        var data = Data();
        var model = new EstimatorChain<ITransformer>()
            .Append(_ml.Transforms.CopyColumns("Copy", "One"))
            .Append(_ml.Transforms.Concatenate("All", "Copy", "Numbers"), TransformerScope.TrainTest)
            .Append(_ml.Transforms.SelectColumns(["All", "Text"], keepHidden: true))
            .Append(_ml.Transforms.DropColumns("Text"))
            .Fit(data);
        using var stream = new MemoryStream();

        _ml.Model.Save(model, data.Schema, stream);

        Assert.Equal("", string.Join("\n", Entries(stream)));
    }

    [Fact]
    public void Save_OfImageLoading_WritesTheSameBytesEverywhere()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row()]);
        using var stream = new MemoryStream();

        _ml.Model.Save(_ml.Transforms.LoadImages("Image", "", "Text").Fit(data), null, stream);

        Assert.Equal("", string.Join("\n", Entries(stream)));
    }

    /// <summary>Name, length and hash of each entry but the one that tells the version of the writer.</summary>
    private static IEnumerable<string> Entries(Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in zip.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            if (entry.FullName.StartsWith("TrainingInfo", StringComparison.Ordinal))
                continue;
            using var content = new MemoryStream();
            using (var opened = entry.Open())
                opened.CopyTo(content);
            yield return $"{entry.FullName} {content.Length} {Convert.ToHexString(SHA256.HashData(content.ToArray()))[..16]}";
        }
    }

    private IDataView Data()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Key"].AddAnnotation("KeyValues", new[] { "zero", "ein ß", "" }, new VectorDataViewType(TextDataViewType.Instance, 3));
        definition["One"].AddAnnotation("Flag", true, BooleanDataViewType.Instance);
        return _ml.Data.LoadFromEnumerable([new Row()], definition);
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Numbers { get; set; } = [1, 2];

        public float One { get; set; } = 3;

        [KeyType(3)]
        public uint Key { get; set; }

        public string Text { get; set; } = "t";
    }
}
