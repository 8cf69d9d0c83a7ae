using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Rows;

public sealed class SchemaDefinitionTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Column_ByName_IsFoundOrNull()
    {
        var definition = SchemaDefinition.Create(typeof(Row));

        Assert.Equal(["Values", "Key", "Text"], definition.Select(column => column.ColumnName));
        Assert.Equal("Key", definition["Key"].MemberName);
        Assert.Null(definition["Absent"]);
    }

    [Fact]
    public void Column_SetUnderAnotherName_Throws()
    {
        var definition = SchemaDefinition.Create(typeof(Row));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => definition["Text"] = definition["Key"]);
        Assert.Equal("columnName", error.ParamName);
    }

    [Fact]
    public void Definition_WithChangedTypeAndName_DecidesTheSchema()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        definition["Text"].ColumnName = "Title";
        definition.Remove(definition["Key"]);

        var schema = _ml.Data.LoadFromEnumerable([new Row()], definition).Schema;

        Assert.Equal(["Values: Vector<Single, 3>", "Title: String"], schema.Select(column => $"{column.Name}: {column.Type}"));
    }

    [Fact]
    public void Definition_WithATypeThatDoesNotFit_Throws()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Values"].ColumnType = NumberDataViewType.Single;
        var scalar = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable([new Row()], definition));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Double);
        var item = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable([new Row()], definition));

        Assert.Contains("'Values'", scalar.Message, StringComparison.Ordinal);
        Assert.Contains("'Values'", item.Message, StringComparison.Ordinal);
        Assert.Contains("System.Double", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_OfAnotherSizeThanTheColumns_AreNotChecked()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);

        var data = _ml.Data.LoadFromEnumerable([new Row { Values = [1, 2] }], definition);

        Assert.Equal(2, data.GetColumn<VBuffer<float>>("Values").Single().Length);
    }

    [Fact]
    public void Annotations_OfTextAndVectors_CanBeReadFromTheColumn()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Key"].AddAnnotation("KeyValues", new[] { "zero", "one", "two" }, new VectorDataViewType(TextDataViewType.Instance, 3));
        definition["Key"].AddAnnotation("Note", "text", TextDataViewType.Instance);
        definition["Key"].AddAnnotation("Weights", new[] { 0.5f, 1 }, new VectorDataViewType(NumberDataViewType.Single, 2));
        definition["Key"].AddAnnotation("Count", 7, NumberDataViewType.Int32);

        var column = _ml.Data.LoadFromEnumerable([new Row()], definition).Schema["Key"];

        Assert.True(column.HasKeyValues());
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        Assert.Equal(["zero", "one", "two"], names.DenseValues().Select(name => name.ToString()));
        ReadOnlyMemory<char> note = default;
        column.Annotations.GetValue("Note", ref note);
        Assert.Equal("text", note.ToString());
        VBuffer<float> weights = default;
        column.Annotations.GetValue("Weights", ref weights);
        Assert.Equal([0.5f, 1], weights.DenseValues());
        var count = 0;
        column.Annotations.GetValue("Count", ref count);
        Assert.Equal(7, count);
        Assert.Equal(["KeyValues", "Note", "Weights", "Count"], column.Annotations.Schema.Select(annotation => annotation.Name));
    }

    [Fact]
    public void Annotation_AddedTwice_Throws()
    {
        var column = SchemaDefinition.Create(typeof(Row))["Key"];
        column.AddAnnotation("Note", "text", TextDataViewType.Instance);

        Assert.Throws<InvalidOperationException>(() => column.AddAnnotation("Note", "text", TextDataViewType.Instance));
    }

    [Fact]
    public void Annotation_OfAnotherTypeThanItsValue_Throws()
    {
        var column = SchemaDefinition.Create(typeof(Row))["Key"];

        Assert.Throws<InvalidOperationException>(() => column.AddAnnotation("Note", 1f, NumberDataViewType.Int32));
        Assert.Throws<InvalidOperationException>(() => column.AddAnnotation("Other", 1f, new VectorDataViewType(NumberDataViewType.Single, 1)));
    }

    [Theory]
    [InlineData(SchemaDefinition.Direction.Read, "Both,Readable")]
    [InlineData(SchemaDefinition.Direction.Write, "Both,Writable")]
    [InlineData(SchemaDefinition.Direction.Both, "Both,Readable,Writable")]
    public void Create_InADirection_HasTheMembersOfIt(SchemaDefinition.Direction direction, string expected)
    {
        var definition = SchemaDefinition.Create(typeof(Directions), direction);

        Assert.Equal(expected, string.Join(",", definition.Select(column => column.ColumnName)));
    }

    private sealed class Row
    {
        public float[]? Values { get; set; }

        [KeyType(3)]
        public uint Key { get; set; }

        public string? Text { get; set; }
    }

    private sealed class Directions
    {
        private int _value;

        public int Both { get; set; }
        public int Readable => _value;
        public int Writable { set => _value = value; }
    }
}
