using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What writes the value of a column into a member, using again the arrays that the member holds where they fit.</summary>
internal static class RowClassSetters<TRow>
    where TRow : class
{
    public static Action<TRow> Make(RowMember member, DataViewRow row, DataViewSchema.Column column)
    {
        if (member.Type == typeof(string))
            return Text(member, row, column);
        if (member.Type == typeof(string[]))
            return Texts(member, row, column);
        if (member.Type.IsArray)
            return GenericCall.Invoke<Action<TRow>>(Array<int>, member.ItemType, member, row, column);
        if (column.Type is not (PrimitiveDataViewType or VectorDataViewType) && !DataViewTypeManager.Knows(column.Type))
            throw new NotImplementedException($"Type '{member.Type.FullName}' is not yet supported.").Process(null);
        return member.IsVector
            ? GenericCall.Invoke<Action<TRow>>(Vector<int>, member.ItemType, member, row, column)
            : GenericCall.Invoke<Action<TRow>>(Value<int>, member.Type, member, row, column);
    }

    private static Action<TRow> Text(RowMember member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<ReadOnlyMemory<char>>(column);
        var set = member.Setter<TRow, string>();
        ReadOnlyMemory<char> value = default;
        return target =>
        {
            get(ref value);
            set(target, value.ToString());
        };
    }

    private static Action<TRow> Texts(RowMember member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        var old = member.Getter<TRow, string[]>();
        var set = member.Setter<TRow, string[]>();
        VBuffer<ReadOnlyMemory<char>> value = default;
        return target =>
        {
            get(ref value);
            var items = Fitting(old(target), value.Length);
            foreach (var (i, text) in value.Items(all: true))
                items[i] = text.ToString();
            set(target, items);
        };
    }

    private static Action<TRow> Array<T>(RowMember member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<VBuffer<T>>(column);
        var old = member.Getter<TRow, T[]>();
        var set = member.Setter<TRow, T[]>();
        VBuffer<T> value = default;
        return target =>
        {
            get(ref value);
            // Sparse values get a new array, as in the real one.
            var items = value.IsDense ? Fitting(old(target), value.Length) : new T[value.Length];
            value.CopyTo(items);
            set(target, items);
        };
    }

    private static Action<TRow> Vector<T>(RowMember member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<VBuffer<T>>(column);
        var old = member.Getter<TRow, VBuffer<T>>();
        var set = member.Setter<TRow, VBuffer<T>>();
        return target =>
        {
            var value = old(target);
            get(ref value);
            set(target, value);
        };
    }

    private static Action<TRow> Value<T>(RowMember member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<T>(column);
        var set = member.Setter<TRow, T>();
        // Kept from row to row: a getter of images may dispose the one before.
        T value = default;
        return target =>
        {
            get(ref value);
            set(target, value);
        };
    }

    /// <summary>No array fits a vector without items too.</summary>
    private static T[] Fitting<T>(T[] array, int length) => (array?.Length ?? 0) == length ? array : new T[length];
}
