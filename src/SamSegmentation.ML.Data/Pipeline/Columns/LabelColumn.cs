using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Pipeline.Columns;

/// <summary>
/// Class ids in a column: vectors of Byte or UInt16 (row by row), masks as images, or the paths of mask files. Images
/// hold ids as grey values, or colours when a colour map says which class each stands for.
/// </summary>
/// <param name="colors">The classes' colours in images and files; null when they hold ids.</param>
internal sealed class LabelColumn(ColorMap? colors)
{
    public const string Role = "label";
    public const string Expected = "a vector of Byte or UInt16, a mask (MLImage) or the path of its file (text)";

    /// <summary>Whether a column of this type can hold class ids.</summary>
    public static bool Accepts(DataViewType type) => type switch
    {
        VectorDataViewType vector => AcceptsItems(vector.ItemType),
        _ => type is ImageDataViewType or TextDataViewType,
    };

    /// <summary>Whether a vector of these items can hold class ids.</summary>
    public static bool AcceptsItems(DataViewType item) => item == NumberDataViewType.Byte || item == NumberDataViewType.UInt16;

    /// <summary>The column of a name.</summary>
    /// <exception cref="ArgumentException">There is none, or it holds no class ids.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, string role = Role)
    {
        var column = SchemaColumn.Find(schema, name, role);
        return Accepts(column.Type) ? column : throw SchemaColumn.WrongType(name, role, Expected, column.Type.ToString()!);
    }

    /// <summary>What reads the class ids of a row's current position into an array of their own.</summary>
    public Func<LabelPixels> Reader(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => FileReader(row, column),
        ImageDataViewType => ImageReader(row, column),
        VectorDataViewType vector when vector.ItemType == NumberDataViewType.Byte => VectorReader<byte>(row, column, id => id),
        _ => VectorReader<ushort>(row, column, id => id),
    };

    private static Func<LabelPixels> VectorReader<T>(DataViewRow row, DataViewSchema.Column column, Func<T, ushort> toId)
    {
        var get = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> vector = default;
        return () =>
        {
            Values.Read(column.Name, row.Position, () => get(ref vector));
            var ids = new ushort[vector.Length];
            if (vector.IsDense && vector.GetValues() is var values)
            {
                for (var i = 0; i < ids.Length; i++)
                    ids[i] = toId(values[i]);
            }
            else
            {
                foreach (var (index, value) in vector.Items())
                    ids[index] = toId(value);
            }
            return new LabelPixels(ids, null, null);
        };
    }

    private Func<LabelPixels> FileReader(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> path = default;
        return () =>
        {
            get(ref path);
            if (path.IsEmpty)
                throw new SegmentationDataException(column.Name, row.Position, "the path is empty.");
            return LabelPixels.Of(Values.Read(column.Name, row.Position, () =>
                colors is null ? LabelMapPng.Load(path.ToString()) : LabelMapPng.LoadColored(path.ToString(), colors)));
        };
    }

    private Func<LabelPixels> ImageReader(DataViewRow row, DataViewSchema.Column column)
    {
        var read = ImageColumn.Reader(row, column);
        return () =>
        {
            var image = read();
            return LabelPixels.Of(new LabelMap(image.Height, image.Width, ToIds(image, column.Name, row.Position)));
        };
    }

    private ushort[] ToIds(RgbImage image, string column, long row)
    {
        var ids = new ushort[image.Height * image.Width];
        for (var i = 0; i < ids.Length; i++)
        {
            var (r, g, b) = (image.Pixels[3 * i], image.Pixels[3 * i + 1], image.Pixels[3 * i + 2]);
            if (colors is null ? r == g && g == b : colors.TryGetId((r, g, b), out ids[i]))
                ids[i] = colors is null ? r : ids[i];
            else
                throw new SegmentationDataException(column, row, WrongColor(i, image.Width, (r, g, b)));
        }
        return ids;
    }

    private string WrongColor(int pixel, int width, (byte R, byte G, byte B) color) =>
        $"pixel (x {pixel % width}, y {pixel / width}) is {color}, "
        + (colors is null
            ? "which is no grey of a class id. If colours stand for classes, pass their colour map."
            : $"which is none of the colour map's {colors.Count} colours.");
}
