using System.Collections;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A vector, dense or sparse, whose arrays may be longer than it is and may be used again by the next row.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    public readonly int Length;

    private readonly int _count;
    private readonly T[] _values;
    private readonly int[] _indices;

    public VBuffer(int length, T[] values, int[] indices = null)
    {
        Contracts.CheckParam(length >= 0, nameof(length));
        Contracts.CheckParam((values?.Length ?? 0) >= length, nameof(values));
        Length = length;
        _count = length;
        _values = values;
        _indices = indices;
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        Contracts.CheckParam(length >= 0, nameof(length));
        Contracts.CheckParam(count >= 0 && count <= length, nameof(count));
        Contracts.CheckParam((values?.Length ?? 0) >= count, nameof(values));
        Contracts.CheckParam(count == length || (indices?.Length ?? 0) >= count, nameof(indices));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        var available = source?.Length ?? 0;
        Contracts.CheckParam(length >= 0 && length <= available, nameof(length));
        Contracts.CheckParam(sourceIndex >= 0 && sourceIndex <= available - length, nameof(sourceIndex));
        var editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        Contracts.CheckParam(sourceIndex >= 0 && sourceIndex <= Length, nameof(sourceIndex));
        Contracts.CheckParam(length >= 0 && sourceIndex <= Length - length, nameof(length));
        var (from, until) = IsDense
            ? (sourceIndex, sourceIndex + length)
            : (FirstAtOrAfter(sourceIndex), FirstAtOrAfter(sourceIndex + length));
        var editor = VBufferEditor.Create(ref destination, length, until - from);
        _values.AsSpan(from, until - from).CopyTo(editor.Values);
        for (var i = 0; i < editor.Indices.Length; i++)
            editor.Indices[i] = _indices[from + i] - sourceIndex;
        destination = editor.Commit();
    }

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        Contracts.CheckParam(
            destinationIndex >= 0 && destinationIndex <= destination.Length - Length, nameof(destination), "Not large enough to hold these values.");
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }

        // The real one forgets defaultValue when nothing is stored.
        target.Fill(_count == 0 ? default : defaultValue);
        for (var i = 0; i < _count; i++)
            target[_indices[i]] = _values[i];
    }

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        var stored = 0;
        for (var index = 0; index < Length && (all || stored < _count); index++)
        {
            if (!all && !IsDense)
                index = _indices[stored];
            var present = stored < _count && (IsDense || _indices[stored] == index);
            yield return new KeyValuePair<int, T>(index, present ? _values[stored++] : default);
        }
    }

    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);

    public T GetItemOrDefault(int index)
    {
        Contracts.CheckParam(index >= 0 && index < Length, nameof(index));
        if (IsDense)
            return _values[index];
        var at = FirstAtOrAfter(index);
        return at < _count && _indices[at] == index ? _values[at] : default;
    }

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public override string ToString() =>
        IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    public IEnumerator GetEnumerator() => _values.GetEnumerator();

    internal VBufferEditor<T> Edit(int length, int? count, int? capacity, bool keepOld, bool indicesWhenDense)
    {
        Contracts.CheckParam(length >= 0, "newLogicalLength", "Must be non-negative.");
        Contracts.CheckParam(count is null or >= 0, "valuesCount", "If specified, must be non-negative.");
        Contracts.CheckParam(count is null || count <= length, "valuesCount", "If specified, must be no greater than newLogicalLength");
        var stored = count ?? length;
        var values = Enlarged(_values, stored, capacity, keepOld);
        var indices = stored == length && !indicesWhenDense ? _indices : Enlarged(_indices, stored, capacity, keepOld);
        return new VBufferEditor<T>(length, stored, values, indices, indicesWhenDense, !ReferenceEquals(values, _values), !ReferenceEquals(indices, _indices));
    }

    internal VBufferEditor<T> Edit() => Edit(Length, _count, null, keepOld: false, indicesWhenDense: false);

    private static TItem[] Enlarged<TItem>(TItem[] array, int needed, int? capacity, bool keepOld)
    {
        var available = array?.Length ?? 0;
        if (available >= needed)
            return array;
        // Growing by doubling keeps a buffer that a cursor fills row after row from being made anew each time.
        var enlarged = new TItem[Math.Max(needed, (int)Math.Min(available * 2L, Math.Min(capacity ?? Array.MaxLength, Array.MaxLength)))];
        if (keepOld)
            array.AsSpan().CopyTo(enlarged);
        return enlarged;
    }

    private int FirstAtOrAfter(int index)
    {
        var found = _indices.AsSpan(0, _count).BinarySearch(index);
        return found < 0 ? ~found : found;
    }
}
