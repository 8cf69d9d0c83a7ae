using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>Keeps values of a column of rows that are read ahead, of whatever type it is.</summary>
internal abstract class BufferedColumn
{
    /// <summary>Buffers a column.</summary>
    /// <param name="row">The row that moves.</param>
    /// <param name="column">An active column of it.</param>
    public static BufferedColumn Create(DataViewRow row, DataViewSchema.Column column)
    {
        // A column's type is known only at run time, as everywhere in a data view.
        var (open, type) = column.Type is VectorDataViewType vector
            ? (typeof(BufferedVectors<>), vector.ItemType.RawType)
            : (typeof(BufferedValues<>), column.Type.RawType);
        return (BufferedColumn)Activator.CreateInstance(open.MakeGenericType(type), row, column)!;
    }

    /// <summary>Reads the value of the row's current position.</summary>
    public abstract CapturedValue Capture();

    /// <summary>A getter of captured values.</summary>
    /// <param name="current">The current row's value, of those that <see cref="Capture"/> made.</param>
    public abstract Delegate CreateGetter(Func<CapturedValue> current);

    // Each value gets a variable of its own: a getter may reuse, or dispose, what the variable held.
    private protected static CapturedValue<T> Capture<T>(ValueGetter<T> getter)
    {
        T value = default!;
        try
        {
            getter(ref value);
            return new CapturedValue<T>(value, null);
        }
        catch (Exception e)
        {
            return new CapturedValue<T>(value, ExceptionDispatchInfo.Capture(e));
        }
    }
}

/// <summary>A column of single values.</summary>
internal sealed class BufferedValues<T>(DataViewRow row, DataViewSchema.Column column) : BufferedColumn
{
    private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);

    public override CapturedValue Capture() => Capture(_getter);

    public override Delegate CreateGetter(Func<CapturedValue> current) =>
        (ValueGetter<T>)((ref T value) => value = ((CapturedValue<T>)current()).Value);
}

/// <summary>A column of vectors.</summary>
internal sealed class BufferedVectors<T>(DataViewRow row, DataViewSchema.Column column) : BufferedColumn
{
    private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);

    public override CapturedValue Capture() => Capture(_getter);

    public override Delegate CreateGetter(Func<CapturedValue> current) =>
        (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => ((CapturedValue<VBuffer<T>>)current()).Value.CopyTo(ref value));
}
