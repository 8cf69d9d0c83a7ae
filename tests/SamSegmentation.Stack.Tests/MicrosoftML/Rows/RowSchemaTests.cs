using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Rows;

/// <summary>The columns that the members of a row's class become.</summary>
public sealed class RowSchemaTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Schema_OfEveryScalarType_HasItsColumnType()
    {
        var schema = _ml.Data.LoadFromEnumerable(new Scalars[1]).Schema;

        Assert.Equal(
            [
                "Bool: Boolean", "Byte: Byte", "SByte: SByte", "Short: Int16", "UShort: UInt16", "Int: Int32", "UInt: UInt32", "Long: Int64",
                "ULong: UInt64", "Float: Single", "Double: Double", "Text: String", "Memory: String", "Time: DateTime", "Offset: DateTimeOffset",
                "Span: TimeSpan", "Id: DataViewRowId",
            ],
            schema.Select(column => $"{column.Name}: {column.Type}"));
    }

    [Fact]
    public void Schema_OfFieldsAndProperties_TakesFieldsFirstAndReadablePropertiesOnly()
    {
        var schema = _ml.Data.LoadFromEnumerable(new FieldsAndProperties[1]).Schema;

        Assert.Equal(["Field", "ReadOnlyField", "Property", "GetOnly"], schema.Select(column => column.Name));
    }

    [Fact]
    public void Schema_OfADerivedClass_HasTheDerivedClassesMembersFirst()
    {
        var schema = _ml.Data.LoadFromEnumerable(new Derived[1]).Schema;

        Assert.Equal(["Own", "Inherited"], schema.Select(column => column.Name));
    }

    [Fact]
    public void Schema_OfVectorsAndKeys_HasTheirSizesAndCounts()
    {
        var schema = _ml.Data.LoadFromEnumerable(new Vectors[1]).Schema;

        Assert.Equal(
            [
                "Unknown: Vector<Single>", "Fixed: Vector<Byte, 6>", "Grid: Vector<Int32, 2, 3>", "Half: Vector<Single, *, 3>",
                "Texts: Vector<String>", "Buffer: Vector<Double, 4>", "Key: Key<UInt32, 0-4>", "Keys: Vector<Key<Byte, 0-6>, 3>",
            ],
            schema.Select(column => $"{column.Name}: {column.Type}"));
        var half = Assert.IsType<VectorDataViewType>(schema["Half"].Type);
        Assert.False(half.IsKnownSize);
        Assert.Equal([0, 3], half.Dimensions);
    }

    [Fact]
    public void Schema_OfImages_HasTheAttributesSize()
    {
        var schema = _ml.Data.LoadFromEnumerable(new Images[1]).Schema;

        Assert.Equal(new ImageDataViewType(3, 4), schema["Image"].Type);
        Assert.Equal(typeof(MLImage), schema["Image"].Type.RawType);
        Assert.Equal("Image<3, 4>", schema["Image"].Type.ToString());
    }

    [Fact]
    public void Schema_OfImagesWithoutASize_Throws()
    {
        var bare = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(new BareImage[1]));
        var sizeless = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(new SizelessImage[1]));

        Assert.Contains("Image", bare.Message, StringComparison.Ordinal);
        Assert.Equal("height", sizeless.ParamName);
    }

    [Theory]
    [InlineData(typeof(HasObject), "Thing")]
    [InlineData(typeof(HasDecimal), "Price")]
    [InlineData(typeof(HasNullable), "Maybe")]
    public void SchemaDefinition_OfAMemberThatNoColumnHolds_NamesIt(Type type, string member)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => SchemaDefinition.Create(type));

        Assert.Equal("rawType", error.ParamName);
        Assert.Contains(member, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SchemaDefinition_WithTwoMembersOfOneColumnName_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => SchemaDefinition.Create(typeof(TwiceNamed)));

        Assert.Contains("Duplicate column name 'Same'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(KeyOfFloat), "Value")]
    [InlineData(typeof(VectorOfScalar), "Value")]
    public void SchemaDefinition_WithAnAttributeThatDoesNotFit_NamesTheMember(Type type, string member)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => SchemaDefinition.Create(type));

        Assert.Equal("userType", error.ParamName);
        Assert.Contains(member, error.Message, StringComparison.Ordinal);
    }

    private class Base
    {
        public int Inherited { get; set; }
    }

    private sealed class Derived : Base
    {
        public int Own { get; set; }
    }

    private sealed class Scalars
    {
        public bool Bool { get; set; }
        public byte Byte { get; set; }
        public sbyte SByte { get; set; }
        public short Short { get; set; }
        public ushort UShort { get; set; }
        public int Int { get; set; }
        public uint UInt { get; set; }
        public long Long { get; set; }
        public ulong ULong { get; set; }
        public float Float { get; set; }
        public double Double { get; set; }
        public string? Text { get; set; }
        public ReadOnlyMemory<char> Memory { get; set; }
        public DateTime Time { get; set; }
        public DateTimeOffset Offset { get; set; }
        public TimeSpan Span { get; set; }
        public DataViewRowId Id { get; set; }
    }

    private sealed class FieldsAndProperties
    {
        private int _written;

        public static int Shared { get; set; }

        public int Property { get; set; }
        public int GetOnly => _written;
        public int SetOnly { set => _written = value; }
        internal int Inner { get; set; }

        [NoColumn]
        public int Ignored { get; set; }

        public IChannel? Channel { get; set; }

        public int this[int index] => index;

#pragma warning disable CS0649 // never assigned
        public int Field;
        public readonly int ReadOnlyField;
#pragma warning restore CS0649
    }

    private sealed class Vectors
    {
        public float[]? Unknown { get; set; }

        [VectorType(6)]
        public byte[]? Fixed { get; set; }

        [VectorType(2, 3)]
        public int[]? Grid { get; set; }

        [VectorType(0, 3)]
        public float[]? Half { get; set; }

        public string[]? Texts { get; set; }

        [VectorType(4)]
        public VBuffer<double> Buffer { get; set; }

        [KeyType(5)]
        public uint Key { get; set; }

        [KeyType(7)]
        [VectorType(3)]
        public byte[]? Keys { get; set; }
    }

    private sealed class Images
    {
        [ImageType(3, 4)]
        public MLImage? Image { get; set; }
    }

    private sealed class BareImage
    {
        public MLImage? Image { get; set; }
    }

    private sealed class SizelessImage
    {
        [ImageType]
        public MLImage? Image { get; set; }
    }

    private sealed class HasObject
    {
        public object? Thing { get; set; }
    }

    private sealed class HasDecimal
    {
        public decimal Price { get; set; }
    }

    private sealed class HasNullable
    {
        public int? Maybe { get; set; }
    }

    private sealed class TwiceNamed
    {
        public int Same { get; set; }

        [ColumnName("Same")]
        public int Other { get; set; }
    }

    private sealed class KeyOfFloat
    {
        [KeyType(3)]
        public float Value { get; set; }
    }

    private sealed class VectorOfScalar
    {
        [VectorType(3)]
        public float Value { get; set; }
    }
}
