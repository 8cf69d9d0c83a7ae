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

        Assert.Equal(
            [
                "Schema 448 9E44FCB5C73084B4",
                "TransformerChain/Model.key 452 7369759EDBDD8C86",
                "TransformerChain/Transform_000/Model.key 474 6BF297F26F9F16DD",
                "TransformerChain/Transform_001/Model.key 512 A1C98699EBF1A4E8",
                "TransformerChain/Transform_002/Model.key 477 7E12816967813B31",
                "TransformerChain/Transform_003/Model.key 459 BCEA248231FD7854",
            ],
            Entries(stream));
    }

    [Fact]
    public void Save_OfImageLoading_WritesTheSameBytesEverywhere()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row()]);
        using var stream = new MemoryStream();

        _ml.Model.Save(_ml.Transforms.LoadImages("Image", "", "Text").Fit(data), null, stream);

        Assert.Equal(["TransformerChain/Model.key 503 AD7375C8FA57A87D"], Entries(stream));
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
        // No annotation that is worth compressing: how bytes are deflated is the runtime's choice.
        var definition = SchemaDefinition.Create(typeof(Row));
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
