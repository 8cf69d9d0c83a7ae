using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using SamSegmentation.Stack.Tests.MicrosoftML.Chains;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Models;

public sealed class ModelFileTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_OfAChain_TransformsAsItDid()
    {
        var data = Data();
        var model = _ml.Transforms.CopyColumns("Copy", "One")
            .Append(_ml.Transforms.Concatenate("All", "Copy", "Numbers"))
            .Append(_ml.Transforms.SelectColumns("All", "Text"))
            .Fit(data);
        var path = _folder.PathOf("model.zip");

        _ml.Model.Save(model, data.Schema, path);
        var loaded = new MLContext().Model.Load(path, out var schema);

        Assert.Equal(["All", "Text"], loaded.Transform(data).Schema.Select(column => column.Name));
        Assert.Equal([3, 1, 2], loaded.Transform(data).GetColumn<float[]>("All").Single());
        Assert.Equal(data.Schema.Select(column => $"{column.Name}: {column.Type}"), schema.Select(column => $"{column.Name}: {column.Type}"));
    }

    [Fact]
    public void Load_OfAStream_LeavesItOpen()
    {
        var model = _ml.Transforms.CopyColumns("Copy", "One").Fit(Data());
        using var stream = new MemoryStream();

        _ml.Model.Save(model, null, stream);
        stream.Position = 0;
        var loaded = _ml.Model.Load(stream, out var schema);

        Assert.Null(schema);
        Assert.Equal([3], loaded.Transform(Data()).GetColumn<float>("Copy"));
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void Load_OfAChain_KeepsItsScopes()
    {
        var model = new EstimatorChain<ITransformer>()
            .Append(_ml.Transforms.CopyColumns("Train", "One"), TransformerScope.TrainTest)
            .Append(_ml.Transforms.CopyColumns("Score", "One"), TransformerScope.Scoring)
            .Fit(Data());
        using var stream = new MemoryStream();

        _ml.Model.Save(model, Data().Schema, stream);
        stream.Position = 0;
        var loaded = Assert.IsType<TransformerChain<ITransformer>>(_ml.Model.Load(stream, out _));

        Assert.Equal(2, loaded.Count());
        Assert.DoesNotContain("Train", loaded.Transform(Data()).Schema.Select(column => column.Name));
        Assert.Contains("Train", loaded.Transform(Data(), TransformerScope.Training).Schema.Select(column => column.Name));
    }

    [Fact]
    public void Schema_WithKeysAndNames_ComesBackWithThem()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Key"].AddAnnotation("KeyValues", new[] { "zero", "ein ß", "" }, new VectorDataViewType(TextDataViewType.Instance, 3));
        definition["Numbers"].AddAnnotation("Weights", new[] { 0.5, -2 }, new VectorDataViewType(NumberDataViewType.Double, 2));
        definition["One"].AddAnnotation("Flag", true, BooleanDataViewType.Instance);
        definition["One"].AddAnnotation("Unit", "metre", TextDataViewType.Instance);
        definition["One"].AddAnnotation("Few", new VBuffer<float>(9, 2, [3, 4], [2, 7]), new VectorDataViewType(NumberDataViewType.Single, 9));
        var data = _ml.Data.LoadFromEnumerable([new Row()], definition);

        var schema = SavedSchema(data.Schema);

        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Key"].GetKeyValues(ref names);
        Assert.Equal(["zero", "ein ß", ""], names.DenseValues().Select(name => name.ToString()));
        VBuffer<double> weights = default;
        schema["Numbers"].Annotations.GetValue("Weights", ref weights);
        Assert.Equal([0.5, -2], weights.DenseValues());
        var flag = false;
        schema["One"].Annotations.GetValue("Flag", ref flag);
        Assert.True(flag);
        ReadOnlyMemory<char> unit = default;
        schema["One"].Annotations.GetValue("Unit", ref unit);
        Assert.Equal("metre", unit.ToString());
        VBuffer<float> few = default;
        schema["One"].Annotations.GetValue("Few", ref few);
        Assert.False(few.IsDense);
        Assert.Equal([0, 0, 3, 0, 0, 0, 0, 4, 0], few.DenseValues());
    }

    [Fact]
    public void Schema_WithManyNames_IsCompressed()
    {
        var names = Enumerable.Range(0, 200).Select(i => $"class number {i}".AsMemory()).ToArray();
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            "KeyValues",
            new VectorDataViewType(TextDataViewType.Instance, 200),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(200, names));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Key", new KeyDataViewType(typeof(byte), 200), annotations.ToAnnotations());
        var schema = builder.ToSchema();
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.CopyColumns("Copy", "One").Fit(Data()), schema, stream);

        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        Assert.InRange(zip.GetEntry("Schema")!.Length, 1, names.Sum(name => name.Length));
        VBuffer<ReadOnlyMemory<char>> back = default;
        SavedSchema(schema)["Key"].GetKeyValues(ref back);
        Assert.Equal(names.Select(name => name.ToString()), back.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Schema_OfEveryType_ComesBackAsItWas()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("I1", NumberDataViewType.SByte);
        builder.AddColumn("U1", NumberDataViewType.Byte);
        builder.AddColumn("I2", NumberDataViewType.Int16);
        builder.AddColumn("U2", NumberDataViewType.UInt16);
        builder.AddColumn("I4", NumberDataViewType.Int32);
        builder.AddColumn("U4", NumberDataViewType.UInt32);
        builder.AddColumn("I8", NumberDataViewType.Int64);
        builder.AddColumn("U8", NumberDataViewType.UInt64);
        builder.AddColumn("R4", NumberDataViewType.Single);
        builder.AddColumn("R8", NumberDataViewType.Double);
        builder.AddColumn("BL", BooleanDataViewType.Instance);
        builder.AddColumn("TX", TextDataViewType.Instance);
        builder.AddColumn("TS", TimeSpanDataViewType.Instance);
        builder.AddColumn("DT", DateTimeDataViewType.Instance);
        builder.AddColumn("DZ", DateTimeOffsetDataViewType.Instance);
        builder.AddColumn("K1", new KeyDataViewType(typeof(byte), 255));
        builder.AddColumn("K8", new KeyDataViewType(typeof(ulong), ulong.MaxValue));
        builder.AddColumn("V", new VectorDataViewType(NumberDataViewType.Single));
        builder.AddColumn("V3", new VectorDataViewType(NumberDataViewType.Byte, 2, 0, 3));
        builder.AddColumn("VK", new VectorDataViewType(new KeyDataViewType(typeof(uint), 7), 4));
        builder.AddColumn("VT", new VectorDataViewType(TextDataViewType.Instance, 4));
        var schema = builder.ToSchema();

        Assert.Equal(schema.Select(column => column.ToString()), SavedSchema(schema).Select(column => column.ToString()));
    }

    [Fact]
    public void Schema_WithImages_LosesThem()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Id", TextDataViewType.Instance);
        builder.AddColumn("Image", new ImageDataViewType(2, 3));
        builder.AddColumn("Row", RowIdDataViewType.Instance);

        Assert.Equal(["Id", "Row"], SavedSchema(builder.ToSchema()).Select(column => column.Name));
    }

    [Fact]
    public void Schema_WithHiddenColumns_KeepsThem()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", TextDataViewType.Instance);
        builder.AddColumn("A", NumberDataViewType.Single);

        Assert.Equal([true, false], SavedSchema(builder.ToSchema()).Select(column => column.IsHidden));
    }

    [Fact]
    public void Schema_OfImagesAlone_CannotBeSaved()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Image", new ImageDataViewType(2, 3));
        var model = _ml.Transforms.CopyColumns("Copy", "One").Fit(Data());

        var error = Assert.ThrowsAny<Exception>(() => _ml.Model.Save(model, builder.ToSchema(), new MemoryStream()));

        Assert.Contains("No valid columns to save", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_OfATransformerThatCannot_FailsWithItsError()
    {
        var error = Assert.ThrowsAny<Exception>(() => _ml.Model.Save(new ScalingTransformer("One", "A", 2), Data().Schema, new MemoryStream()));

        Assert.Contains("not saved", error.GetBaseException().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_OfAFailure_LeavesAFileBehind()
    {
        // The real one writes where it is told to, not beside it: whoever wants an old file kept must see to that.
        var path = _folder.Write("model.zip", [1, 2, 3]);

        Assert.ThrowsAny<Exception>(() => _ml.Model.Save(new ScalingTransformer("One", "A", 2), Data().Schema, path));

        Assert.NotEqual([1, 2, 3], File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("not a zip")]
    [InlineData("")]
    public void Load_OfAnotherFile_Throws(string content)
    {
        var path = _folder.Write("model.zip", Encoding.ASCII.GetBytes(content));

        Assert.ThrowsAny<Exception>(() => _ml.Model.Load(path, out _));
        Assert.Throws<FileNotFoundException>(() => _ml.Model.Load(_folder.PathOf("absent.zip"), out _));
    }

    [Fact]
    public void Load_OfADamagedHeader_Throws()
    {
        var path = _folder.PathOf("model.zip");
        _ml.Model.Save(_ml.Transforms.CopyColumns("Copy", "One").Fit(Data()), null, path);
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            var entry = zip.Entries.Single(entry => entry.FullName.EndsWith("Model.key", StringComparison.Ordinal));
            using var stream = entry.Open();
            stream.Position = 0;
            stream.WriteByte(0xFF);
        }

        Assert.Throws<FormatException>(() => _ml.Model.Load(path, out _));
    }

    private DataViewSchema SavedSchema(DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.CopyColumns("Copy", "One").Fit(Data()), schema, stream);
        stream.Position = 0;
        _ = _ml.Model.Load(stream, out var saved);
        return saved;
    }

    private IDataView Data() => _ml.Data.LoadFromEnumerable([new Row()]);

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
