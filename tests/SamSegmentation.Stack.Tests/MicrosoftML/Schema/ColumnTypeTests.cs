using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Schema;

public sealed class ColumnTypeTests
{
    [Fact]
    public void Vector_WithAZeroDimension_HasAnUnknownSize()
    {
        var known = new VectorDataViewType(NumberDataViewType.Byte, 2, 3);
        var half = new VectorDataViewType(NumberDataViewType.Byte, 0, 3);
        var unknown = new VectorDataViewType(NumberDataViewType.Byte);

        Assert.Equal((6, true), (known.Size, known.IsKnownSize));
        Assert.Equal((0, false), (half.Size, half.IsKnownSize));
        Assert.Equal((0, false), (unknown.Size, unknown.IsKnownSize));
        Assert.Equal([2, 3], known.Dimensions);
        Assert.Equal([0], unknown.Dimensions);
        Assert.Same(NumberDataViewType.Byte, known.ItemType);
        Assert.Equal(typeof(VBuffer<byte>), known.RawType);
    }

    [Fact]
    public void Vector_Equals_ComparesItemsAndDimensions()
    {
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Byte, 6), new VectorDataViewType(NumberDataViewType.Byte, 6));
        Assert.Equal(
            new VectorDataViewType(NumberDataViewType.Byte, 6).GetHashCode(), new VectorDataViewType(NumberDataViewType.Byte, 6).GetHashCode());
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Byte), new VectorDataViewType(NumberDataViewType.Byte, 0));
        Assert.NotEqual(new VectorDataViewType(NumberDataViewType.Byte, 6), new VectorDataViewType(NumberDataViewType.Byte, 2, 3));
        Assert.NotEqual(new VectorDataViewType(NumberDataViewType.Byte, 6), new VectorDataViewType(NumberDataViewType.SByte, 6));
    }

    [Fact]
    public void Vector_WithDimensionsThatDoNotFit_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Byte, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Byte, 2, -3));
        Assert.Throws<OverflowException>(() => new VectorDataViewType(NumberDataViewType.Byte, 1 << 20, 1 << 20));
        Assert.Throws<ArgumentNullException>(() => new VectorDataViewType(null!, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Byte, Array.Empty<int>()));
    }

    [Theory]
    [InlineData("0", "Vector<Single>")]
    [InlineData("5", "Vector<Single, 5>")]
    [InlineData("5,6", "Vector<Single, 5, 6>")]
    [InlineData("0,6", "Vector<Single, *, 6>")]
    [InlineData("0,0", "Vector<Single, *, *>")]
    public void Vector_Text_ShowsItemsAndDimensions(string dimensions, string expected)
    {
        int[] sizes = [.. dimensions.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

        Assert.Equal(expected, new VectorDataViewType(NumberDataViewType.Single, sizes).ToString());
    }

    [Fact]
    public void Key_Equals_ComparesRawTypeAndCount()
    {
        Assert.Equal(new KeyDataViewType(typeof(uint), 5), new KeyDataViewType(typeof(uint), 5UL));
        Assert.NotEqual(new KeyDataViewType(typeof(uint), 5), new KeyDataViewType(typeof(uint), 6));
        Assert.NotEqual(new KeyDataViewType(typeof(uint), 5), new KeyDataViewType(typeof(byte), 5));
        Assert.Equal("Key<Byte, 0-4>", new KeyDataViewType(typeof(byte), 5).ToString());
        Assert.Equal(5UL, new KeyDataViewType(typeof(byte), 5).Count);
    }

    [Theory]
    [InlineData(typeof(int), 5)]
    [InlineData(typeof(float), 5)]
    [InlineData(typeof(byte), 0)]
    [InlineData(typeof(byte), 256)]
    [InlineData(typeof(ushort), 65536)]
    [InlineData(typeof(uint), -1)]
    public void Key_ThatCannotBe_Throws(Type type, int count)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(type, count));
    }

    [Fact]
    public void Key_OfAByte_HoldsAsManyAsItCounts()
    {
        Assert.Equal(255UL, new KeyDataViewType(typeof(byte), 255).Count);
        Assert.True(KeyDataViewType.IsValidDataType(typeof(ulong)));
        Assert.False(KeyDataViewType.IsValidDataType(typeof(long)));
    }

    [Fact]
    public void Image_Equals_ComparesSizes()
    {
        var type = new ImageDataViewType(2, 3);

        Assert.True(type.Equals(new ImageDataViewType(2, 3)));
        Assert.False(type.Equals(new ImageDataViewType(3, 2)));
        Assert.False(type.Equals(new ImageDataViewType()));
        // As an object it equals itself alone.
        Assert.False(type.Equals((object)new ImageDataViewType(2, 3)));
        Assert.Equal("Image<2, 3>", new ImageDataViewType(2, 3).ToString());
        Assert.Equal("Image", new ImageDataViewType().ToString());
        Assert.Equal((2, 3), (new ImageDataViewType(2, 3).Height, new ImageDataViewType(2, 3).Width));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDataViewType(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDataViewType(1 << 16, 1 << 16));
    }

    [Fact]
    public void RowId_Derived_HasTheSameBitsEverywhere()
    {
        var id = new DataViewRowId(0x0123456789ABCDEF, 0xFEDCBA9876543210);

        Assert.Equal("fedcba98765432100123456789abcdef", id.ToString());
        Assert.Equal("eeeeeef29ade22c11332e02c91719a68", id.Fork().ToString());
        Assert.Equal("eeeeeef29ade22c127d27d27faaf6450", id.Next().ToString());
        Assert.Equal("b465754d1dac93f4c64db2ddf59f1c08", id.Combine(new DataViewRowId(5, 6)).ToString());
        Assert.True(id.CompareTo(new DataViewRowId(0, ulong.MaxValue)) < 0);
        Assert.True(id.CompareTo(new DataViewRowId(0, id.High)) > 0);
    }
}
