namespace Microsoft.ML.Data;

/// <summary>Copies of the values of one column, by slot.</summary>
internal abstract class ColumnStore
{
    public static ColumnStore Create(DataViewType type) =>
        type is VectorDataViewType vector
            ? GenericCall.Invoke<ColumnStore>(Vectors<int>, vector.ItemType.RawType)
            : GenericCall.Invoke<ColumnStore>(Values<int>, type.RawType);

    /// <summary>What copies the row's current value into a slot.</summary>
    public abstract Action<int> Writer(DataViewRow row, DataViewSchema.Column column);

    public abstract Delegate Getter(Func<int> slot);

    private static ColumnStore Vectors<T>() => new OfVectors<T>();

    private static ColumnStore Values<T>() => new OfValues<T>();

    private static void Reach<T>(List<T> values, int slot)
    {
        while (values.Count <= slot)
            values.Add(default);
    }

    private sealed class OfValues<T> : ColumnStore
    {
        private readonly List<T> _values = [];

        public override Action<int> Writer(DataViewRow row, DataViewSchema.Column column)
        {
            var get = row.GetGetter<T>(column);
            return slot =>
            {
                Reach(_values, slot);
                var value = default(T);
                get(ref value);
                _values[slot] = value;
            };
        }

        public override Delegate Getter(Func<int> slot) => (ValueGetter<T>)((ref T value) => value = _values[slot()]);
    }

    private sealed class OfVectors<T> : ColumnStore
    {
        private readonly List<VBuffer<T>> _values = [];

        public override Action<int> Writer(DataViewRow row, DataViewSchema.Column column)
        {
            var get = row.GetGetter<VBuffer<T>>(column);
            return slot =>
            {
                Reach(_values, slot);
                var value = _values[slot];
                get(ref value);
                _values[slot] = value;
            };
        }

        public override Delegate Getter(Func<int> slot) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[slot()].CopyTo(ref value));
    }
}
