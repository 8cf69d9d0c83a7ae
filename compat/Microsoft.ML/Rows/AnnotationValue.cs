using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Turns a value that a user gives into the getter of an annotation: arrays and strings become vectors and text.</summary>
internal static class AnnotationValue
{
    public static Delegate Getter<T>(T value, DataViewType type)
    {
        var member = RowMember.Shape(typeof(T));
        var vector = type as VectorDataViewType;
        if (member.IsVector != (vector is not null))
            throw Contracts.Except($"Value inputted is supposed to be {(member.IsVector ? "vector" : "scalar")}, but type of Annotationinfo is {(vector is null ? "scalar" : "vector")}");
        if (member.ItemType != type.ItemType().RawType)
            throw Contracts.Except($"Value inputted is supposed to have Type {member.ItemType}, but type of Annotationinfo has {type.ItemType().RawType}");
        return value switch
        {
            string text => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> destination) => destination = text.AsMemory()),
            string[] texts => Vector(Array.ConvertAll(texts, text => text.AsMemory())),
            Array items => GenericCall.Invoke<Delegate>(Vector<int>, member.ItemType, items),
            _ when vector is not null => GenericCall.Invoke<Delegate>(Copy<int>, member.ItemType, value),
            _ => (ValueGetter<T>)((ref T destination) => destination = value),
        };
    }

    private static Delegate Vector<T>(T[] items) =>
        (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) => VBuffer<T>.Copy(items, 0, ref destination, items.Length));

    private static Delegate Copy<T>(VBuffer<T> vector) =>
        (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) => vector.CopyTo(ref destination));
}
