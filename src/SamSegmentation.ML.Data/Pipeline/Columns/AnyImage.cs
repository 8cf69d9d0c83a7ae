using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace SamSegmentation.ML.Pipeline.Columns;

/// <summary>
/// The type of columns of images of any size. ML.NET reads such a column into a member of a row class only if the type is
/// registered, which its own attribute cannot do: <c>[ImageType]</c> without a size throws. Once it is registered, a member
/// of type <see cref="MLImage"/> needs no attribute.
/// </summary>
internal static class AnyImage
{
    static AnyImage()
    {
        try
        {
            DataViewTypeManager.Register(Type, typeof(MLImage));
        }
        catch (ArgumentException)
        {
            // The program has given MLImage, or this type, another meaning, and row classes follow that. Cursors need none.
        }
    }

    /// <summary>The type.</summary>
    public static ImageDataViewType Type { get; } = new();

    /// <summary>Sees to it that row classes can have members of <see cref="MLImage"/>.</summary>
    public static void Register()
    {
        // The static constructor does it, once.
    }
}
