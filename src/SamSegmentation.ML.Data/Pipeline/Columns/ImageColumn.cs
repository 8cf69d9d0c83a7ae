using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Pipeline.Columns;

/// <summary>Photographs in a column: decoded (<see cref="MLImage"/>), or the paths of their files as text.</summary>
internal static class ImageColumn
{
    public const string Role = "image";
    public const string Expected = "an image (MLImage) or the path of its file (text)";

    /// <summary>Whether a column of this type can hold photographs.</summary>
    public static bool Accepts(DataViewType type) => type is ImageDataViewType or TextDataViewType;

    /// <summary>The column of a name.</summary>
    /// <exception cref="ArgumentException">There is none, or it holds no photographs.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        var column = SchemaColumn.Find(schema, name, Role);
        return Accepts(column.Type) ? column : throw SchemaColumn.WrongType(name, Role, Expected, column.Type.ToString()!);
    }

    /// <summary>What reads the photograph of a row's current position. It copies the pixels and leaves the row's image alone.</summary>
    public static Func<RgbImage> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is TextDataViewType)
        {
            var getPath = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> path = default;
            return () =>
            {
                getPath(ref path);
                return FromPath(path, column.Name, row.Position);
            };
        }
        var getImage = row.GetGetter<MLImage>(column);
        // One variable for all rows, never disposed here: the column may dispose the image before when it makes the next.
        MLImage image = null!;
        return () =>
        {
            Values.Read(column.Name, row.Position, () => getImage(ref image));
            return FromImage(image, column.Name, row.Position);
        };
    }

    /// <summary>Copies an image's pixels.</summary>
    public static RgbImage FromImage(MLImage? image, string column, long row) =>
        image is null
            ? throw new SegmentationDataException(column, row, "there is no image.")
            : Values.Read(column, row, () => RgbImage.FromMLImage(image));

    /// <summary>Decodes a file.</summary>
    public static RgbImage FromPath(ReadOnlyMemory<char> path, string column, long row) =>
        path.IsEmpty
            ? throw new SegmentationDataException(column, row, "the path is empty.")
            : Values.Read(column, row, () => RgbImage.Load(path.ToString()));
}
