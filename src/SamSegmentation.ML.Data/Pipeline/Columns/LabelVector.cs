using Microsoft.ML.Data;
using SamSegmentation.ML.Datasets;

namespace SamSegmentation.ML.Pipeline.Columns;

/// <summary>Class ids as vectors of a data view, row by row: of Byte, or of UInt16 when void (255) would be a class.</summary>
internal static class LabelVector
{
    private static readonly VectorDataViewType s_narrow = new(NumberDataViewType.Byte);
    private static readonly VectorDataViewType s_wide = new(NumberDataViewType.UInt16);

    public static bool IsWide(int classes) => classes > byte.MaxValue;

    public static VectorDataViewType TypeOf(int classes) => IsWide(classes) ? s_wide : s_narrow;

    /// <summary>The id that belongs to no class, see <see cref="ClassList.VoidId"/>.</summary>
    public static int VoidIdOf(int classes) => IsWide(classes) ? ushort.MaxValue : byte.MaxValue;

    public static void Fill(ushort[] ids, ref VBuffer<byte> value)
    {
        var editor = VBufferEditor.Create(ref value, ids.Length);
        for (var i = 0; i < ids.Length; i++)
            editor.Values[i] = checked((byte)ids[i]);
        value = editor.Commit();
    }

    public static void Fill(ushort[] ids, ref VBuffer<ushort> value)
    {
        var editor = VBufferEditor.Create(ref value, ids.Length);
        ids.CopyTo(editor.Values);
        value = editor.Commit();
    }
}
