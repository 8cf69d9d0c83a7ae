using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Schema;

public sealed class DataViewSchemaTests
{
    [Fact]
    public void Column_WithANameThatComesAgain_IsHidden()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", TextDataViewType.Instance);
        builder.AddColumn("A", NumberDataViewType.Int32);
        var schema = builder.ToSchema();

        Assert.Equal([true, false, false], schema.Select(column => column.IsHidden));
        Assert.Equal([0, 1, 2], schema.Select(column => column.Index));
        Assert.Equal(2, schema["A"].Index);
        Assert.Equal(NumberDataViewType.Int32, schema.GetColumnOrNull("A")!.Value.Type);
    }

    [Fact]
    public void Column_ThatIsAbsent_IsNullOrThrows()
    {
        var schema = new DataViewSchema.Builder().ToSchema();

        Assert.Empty(schema);
        Assert.Null(schema.GetColumnOrNull("A"));
        Assert.Contains("'A'", Assert.Throws<ArgumentOutOfRangeException>(() => schema["A"]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => schema.GetColumnOrNull(null!));
        Assert.Throws<ArgumentNullException>(() => schema[""]);
        Assert.Throws<ArgumentOutOfRangeException>(() => schema[0]);
    }

    [Fact]
    public void Builder_WithoutNameOrType_Throws()
    {
        var builder = new DataViewSchema.Builder();

        Assert.Throws<ArgumentNullException>(() => builder.AddColumn("", NumberDataViewType.Single));
        Assert.Throws<ArgumentNullException>(() => builder.AddColumn("A", null!));
    }

    [Fact]
    public void Column_Text_ShowsNameTypeAndAnnotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Unit", NumberDataViewType.Single, 2f);
        annotations.AddPrimitiveValue("Note", BooleanDataViewType.Instance, true);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", NumberDataViewType.Single, annotations.ToAnnotations());
        var schema = builder.ToSchema();

        Assert.Equal("2 columns", schema.ToString());
        Assert.Equal("A: Single", schema[0].ToString());
        Assert.Equal("B: Single {Unit, Note}", schema[1].ToString());
    }

    [Fact]
    public void Columns_OfAnotherSchema_AreCopiedWithTheirAnnotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Unit", NumberDataViewType.Single, 2f);
        var first = new DataViewSchema.Builder();
        first.AddColumn("A", NumberDataViewType.Single, annotations.ToAnnotations());
        first.AddColumn("A", NumberDataViewType.Double);

        var second = new DataViewSchema.Builder();
        second.AddColumns(first.ToSchema());
        second.AddColumns([new DataViewSchema.DetachedColumn("B", TextDataViewType.Instance)]);
        var schema = second.ToSchema();

        Assert.Equal(["A", "A", "B"], schema.Select(column => column.Name));
        var unit = 0f;
        schema[0].Annotations.GetValue("Unit", ref unit);
        Assert.Equal(2, unit);
        Assert.True(schema[0].IsHidden);
    }

    [Fact]
    public void Annotations_OfColumnsWithout_AreEmpty()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        var annotations = builder.ToSchema()["A"].Annotations;
        var value = 0f;

        Assert.Empty(annotations.Schema);
        Assert.Throws<InvalidOperationException>(() => annotations.GetValue("Absent", ref value));
    }

    [Fact]
    public void Annotations_GetValue_NeedsTheRightType()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("Unit", NumberDataViewType.Single, 2f);
        var annotations = builder.ToAnnotations();
        var value = 0.0;

        Assert.Throws<InvalidOperationException>(() => annotations.GetValue("Unit", ref value));
        Assert.Throws<InvalidOperationException>(() => annotations.GetGetter<double>(annotations.Schema["Unit"]));
    }

    [Fact]
    public void AnnotationsBuilder_ChecksTypesAndCopiesBySelection()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add("Numbers", new VectorDataViewType(NumberDataViewType.Int32, 2), (ref VBuffer<int> value) => value = new VBuffer<int>(2, [3, 4]));
        builder.AddPrimitiveValue("Unit", NumberDataViewType.Single, 2f);
        var copy = new DataViewSchema.Annotations.Builder();
        copy.Add(builder.ToAnnotations(), name => name == "Numbers");
        copy.Add(null!, _ => true);

        var annotations = copy.ToAnnotations();

        Assert.Equal("Numbers", Assert.Single(annotations.Schema).Name);
        VBuffer<int> numbers = default;
        annotations.GetValue("Numbers", ref numbers);
        Assert.Equal([3, 4], numbers.DenseValues());
        Assert.Throws<ArgumentException>(() => builder.AddPrimitiveValue("Wrong", NumberDataViewType.Single, 2.0));
        Assert.Throws<ArgumentException>(() => builder.Add("Wrong", NumberDataViewType.Single, (ref double value) => value = 1));
        var error = Assert.Throws<TargetInvocationException>(
            () => builder.Add("Wrong", NumberDataViewType.Single, (Delegate)(ValueGetter<double>)((ref double value) => value = 1)));
        Assert.IsType<ArgumentException>(error.GetBaseException());
        Assert.Throws<ArgumentNullException>(() => builder.Add("Wrong", NumberDataViewType.Single, (ValueGetter<float>)null!));
    }

    [Fact]
    public void KeyValues_NeedAKeyAndAsManyTexts()
    {
        var names = new DataViewSchema.Annotations.Builder();
        names.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, 2), (ref VBuffer<ReadOnlyMemory<char>> value) => { });
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Fits", new KeyDataViewType(typeof(uint), 2), names.ToAnnotations());
        builder.AddColumn("Vector", new VectorDataViewType(new KeyDataViewType(typeof(uint), 2), 7), names.ToAnnotations());
        builder.AddColumn("OtherCount", new KeyDataViewType(typeof(uint), 3), names.ToAnnotations());
        builder.AddColumn("NoKey", NumberDataViewType.UInt32, names.ToAnnotations());
        builder.AddColumn("None", new KeyDataViewType(typeof(uint), 2));
        var schema = builder.ToSchema();

        Assert.Equal([true, true, false, false, false], schema.Select(column => column.HasKeyValues()));
        Assert.False(schema["Fits"].HasKeyValues(NumberDataViewType.Single));
    }

    [Fact]
    public void SlotNames_NeedAVectorAndAsManyTexts()
    {
        var names = new DataViewSchema.Annotations.Builder();
        names.Add(
            "SlotNames",
            new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(2, ["a".AsMemory(), "b".AsMemory()]));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Fits", new VectorDataViewType(NumberDataViewType.Single, 2), names.ToAnnotations());
        builder.AddColumn("OtherSize", new VectorDataViewType(NumberDataViewType.Single, 3), names.ToAnnotations());
        builder.AddColumn("Unknown", new VectorDataViewType(NumberDataViewType.Single), names.ToAnnotations());
        builder.AddColumn("Scalar", NumberDataViewType.Single, names.ToAnnotations());
        var schema = builder.ToSchema();

        Assert.Equal([true, false, false, false], schema.Select(column => column.HasSlotNames()));
        VBuffer<ReadOnlyMemory<char>> slots = default;
        schema["Fits"].GetSlotNames(ref slots);
        Assert.Equal(["a", "b"], slots.DenseValues().Select(slot => slot.ToString()));
        Assert.False(schema["Fits"].IsNormalized());
    }
}
