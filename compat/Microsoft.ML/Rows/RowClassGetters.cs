using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Getters that take the values of columns from an object.</summary>
internal static class RowClassGetters<TRow>
    where TRow : class
{
    public static Delegate Make(RowClassColumn column, Func<TRow> current)
    {
        var member = column.Member;
        if (member.Type == typeof(string))
            return Text(member, current);
        if (member.Type == typeof(string[]))
            return Texts(member, current);
        if (member.Type.IsArray)
            return GenericCall.Invoke<Delegate>(Array<int>, member.ItemType, member, current);
        if (member.IsVector)
            return GenericCall.Invoke<Delegate>(Vector<int>, member.ItemType, member, current);
        if (column.Type is not PrimitiveDataViewType && !DataViewTypeManager.Knows(column.Type))
            throw Contracts.ExceptNotSupp(null, $"Type '{member.Type.FullName}' is not yet supported.");
        return column.Type is KeyDataViewType key
            ? Key(key, member, current)
            : GenericCall.Invoke<Delegate>(Value<int>, member.Type, member, current);
    }

    private static Delegate Text(RowMember member, Func<TRow> current)
    {
        var get = member.Getter<TRow, string>();
        return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = get(current()).AsMemory());
    }

    private static Delegate Texts(RowMember member, Func<TRow> current)
    {
        var get = member.Getter<TRow, string[]>();
        return (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            var items = get(current()) ?? [];
            var editor = VBufferEditor.Create(ref value, items.Length);
            for (var i = 0; i < items.Length; i++)
                editor.Values[i] = items[i].AsMemory();
            value = editor.Commit();
        });
    }

    private static Delegate Array<T>(RowMember member, Func<TRow> current)
    {
        var get = member.Getter<TRow, T[]>();
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            var items = get(current()) ?? [];
            VBuffer<T>.Copy(items, 0, ref value, items.Length);
        });
    }

    private static Delegate Vector<T>(RowMember member, Func<TRow> current)
    {
        var get = member.Getter<TRow, VBuffer<T>>();
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => get(current()).CopyTo(ref value));
    }

    private static Delegate Value<T>(RowMember member, Func<TRow> current)
    {
        var get = member.Getter<TRow, T>();
        return (ValueGetter<T>)((ref T value) => value = get(current()));
    }

    private static Delegate Key(KeyDataViewType key, RowMember member, Func<TRow> current)
    {
        if (key.RawType == typeof(byte))
        {
            var get = member.Getter<TRow, byte>();
            return (ValueGetter<byte>)((ref byte value) => value = (byte)OneBased(get(current()), key.Count));
        }

        if (key.RawType == typeof(uint))
        {
            var get = member.Getter<TRow, uint>();
            return (ValueGetter<uint>)((ref uint value) => value = (uint)OneBased(get(current()), key.Count));
        }

        // The real one has no such keys of sixteen bits.
        Contracts.Check(key.RawType == typeof(ulong));
        var getLong = member.Getter<TRow, ulong>();
        return (ValueGetter<ulong>)((ref ulong value) => value = OneBased(getLong(current()), key.Count));
    }

    private static ulong OneBased(ulong value, ulong count) => value < count ? value + 1 : 0;
}
