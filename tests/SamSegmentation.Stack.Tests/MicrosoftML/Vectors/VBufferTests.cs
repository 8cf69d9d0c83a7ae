using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Vectors;

public sealed class VBufferTests
{
    [Fact]
    public void Default_IsAnEmptyDenseVector()
    {
        VBuffer<int> vector = default;

        Assert.Equal(0, vector.Length);
        Assert.True(vector.IsDense);
        Assert.Empty(vector.DenseValues());
        Assert.Equal(0, vector.GetValues().Length);
    }

    [Fact]
    public void Sparse_Values_AreZeroBetween()
    {
        var vector = new VBuffer<int>(5, 2, [7, 8, 99], [1, 3, 99]);

        Assert.False(vector.IsDense);
        Assert.Equal([7, 8], vector.GetValues().ToArray());
        Assert.Equal([1, 3], vector.GetIndices().ToArray());
        Assert.Equal([0, 7, 0, 8, 0], vector.DenseValues());
        Assert.Equal([(1, 7), (3, 8)], vector.Items().Select(item => (item.Key, item.Value)));
        Assert.Equal(5, vector.Items(all: true).Count());
        Assert.Equal((7, 0), (vector.GetItemOrDefault(1), vector.GetItemOrDefault(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => vector.GetItemOrDefault(5));
    }

    [Fact]
    public void Dense_OverALongerArray_IsAsLongAsItSays()
    {
        var vector = new VBuffer<int>(2, [7, 8, 9]);

        Assert.Equal([7, 8], vector.DenseValues());
        Assert.Equal(0, vector.GetIndices().Length);
    }

    [Fact]
    public void Constructor_WithoutEnoughItems_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<int>(-1, [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, 2, [1], [0, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, 2, [1, 2], [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, 4, [1, 2, 3, 4], [0, 1, 2, 3]));
    }

    [Fact]
    public void Editor_OfTheSameLength_WritesIntoTheSameArray()
    {
        int[] array = [1, 2, 3];
        var vector = new VBuffer<int>(3, array);

        var editor = VBufferEditor.Create(ref vector, 2);
        editor.Values[0] = 9;
        vector = editor.Commit();

        Assert.False(editor.CreatedNewValues);
        Assert.Equal(9, array[0]);
        Assert.Equal([9, 2], vector.DenseValues());
    }

    [Fact]
    public void Editor_OfALongerVector_MakesANewArray()
    {
        var vector = new VBuffer<int>(2, [1, 2]);

        var editor = VBufferEditor.Create(ref vector, 4);
        editor.Values.Fill(5);
        vector = editor.Commit();

        Assert.True(editor.CreatedNewValues);
        Assert.Equal([5, 5, 5, 5], vector.DenseValues());
    }

    [Fact]
    public void Editor_WithFewerValues_IsSparse()
    {
        VBuffer<int> vector = default;

        var editor = VBufferEditor.Create(ref vector, 6, 2);
        editor.Values[0] = 4;
        editor.Indices[0] = 5;
        vector = editor.CommitTruncated(1);

        Assert.Equal([0, 0, 0, 0, 0, 4], vector.DenseValues());
        Assert.Equal(1, vector.GetValues().Length);
    }

    [Fact]
    public void Editor_CommitTruncated_CannotGrow()
    {
        VBuffer<int> vector = default;

        Assert.Throws<ArgumentOutOfRangeException>(() => VBufferEditor.Create(ref vector, 3, 2).CommitTruncated(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => VBufferEditor.Create(ref vector, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VBufferEditor.Create(ref vector, 3, 4));
    }

    [Fact]
    public void CopyTo_OfASparseVector_CopiesItsForm()
    {
        var vector = new VBuffer<int>(5, 2, [7, 8], [1, 3]);
        var copy = new VBuffer<int>(1, [9]);

        vector.CopyTo(ref copy);

        Assert.False(copy.IsDense);
        Assert.Equal([0, 7, 0, 8, 0], copy.DenseValues());
        vector.CopyToDense(ref copy);
        Assert.True(copy.IsDense);
        Assert.Equal([0, 7, 0, 8, 0], copy.DenseValues());
    }

    [Fact]
    public void CopyTo_ASpan_FillsWhatIsBetween()
    {
        var vector = new VBuffer<int>(4, 1, [7], [2]);
        int[] target = [9, 9, 9, 9, 9, 9];

        vector.CopyTo(target.AsSpan(), 1, defaultValue: -1);

        Assert.Equal([9, -1, -1, 7, -1, 9], target);
        Assert.Throws<ArgumentOutOfRangeException>(() => vector.CopyTo(new int[3].AsSpan()));
    }

    [Fact]
    public void CopyTo_OfAPart_TakesTheRange()
    {
        var vector = new VBuffer<int>(6, 3, [1, 2, 3], [0, 3, 5]);
        VBuffer<int> part = default;

        vector.CopyTo(ref part, 2, 3);

        Assert.Equal([0, 2, 0], part.DenseValues());
    }

    [Fact]
    public void Copy_OfAnArray_IsIndependent()
    {
        int[] array = [1, 2, 3, 4];
        VBuffer<int> vector = default;

        VBuffer<int>.Copy(array, 1, ref vector, 2);
        array[1] = 9;

        Assert.Equal([2, 3], vector.DenseValues());
        Assert.Throws<ArgumentOutOfRangeException>(() => VBuffer<int>.Copy(array, 3, ref vector, 2));
    }
}
