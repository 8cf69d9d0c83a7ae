using System.Runtime.InteropServices;

namespace Microsoft.ML.Imaging.Codecs;

/// <summary>PNG through libpng's simplified interface, which takes and gives whole images in memory.</summary>
internal static unsafe partial class LibPng
{
    private const string Library = "libpng16.so.16";
    private const uint Version = 1;
    private const uint FormatAlpha = 1;
    private const uint FormatColor = 2;
    private const uint FormatBgr = 16;
    private const uint Flag16BitSrgb = 4;

    /// <summary>
    /// Null when the file cannot be decoded. Rows that a cut-off file lacks stay transparent black, as with Skia.
    /// Palettes become colours; sixteen bits become eight.
    /// </summary>
    public static Bitmap Decode(ReadOnlySpan<byte> file)
    {
        var plain = PngChunks.WithoutColorSpace(file, out var complete);
        var image = new Image { Version = Version };
        try
        {
            fixed (byte* source = plain)
            {
                if (png_image_begin_read_from_memory(ref image, source, (uint)plain.Length) == 0
                    || (long)image.Width * image.Height * 4 > Array.MaxLength)
                    return null;
                var opaque = (image.Format & FormatAlpha) == 0;
                image.Format = FormatAlpha | FormatColor | FormatBgr;
                // Otherwise samples of sixteen bits would be taken for linear light.
                image.Flags |= Flag16BitSrgb;
                var bitmap = new Bitmap((int)image.Width, (int)image.Height, bgra: true, opaque);
                fixed (byte* target = bitmap.Pixels)
                {
                    if (png_image_finish_read(ref image, null, target, bitmap.Width * 4, null) == 0 && complete)
                        return null;
                }

                bitmap.Premultiply();
                return bitmap;
            }
        }
        finally
        {
            png_image_free(ref image);
        }
    }

    public static byte[] Encode(Bitmap bitmap)
    {
        var source = bitmap.IsOpaque ? WithoutAlpha(bitmap.Pixels) : bitmap.Straight();
        var image = new Image
        {
            Version = Version,
            Width = (uint)bitmap.Width,
            Height = (uint)bitmap.Height,
            Format = FormatColor | (bitmap.IsOpaque ? 0 : FormatAlpha) | (bitmap.IsBgra ? FormatBgr : 0),
        };
        fixed (byte* pixels = source)
        {
            nuint size = 0;
            if (png_image_write_to_memory(ref image, null, ref size, 0, pixels, 0, null) == 0)
                throw new InvalidOperationException(image.Text);
            var png = new byte[checked((int)size)];
            fixed (byte* target = png)
            {
                if (png_image_write_to_memory(ref image, target, ref size, 0, pixels, 0, null) == 0)
                    throw new InvalidOperationException(image.Text);
            }

            return png[..(int)size];
        }
    }

    private static byte[] WithoutAlpha(byte[] pixels)
    {
        var colours = new byte[pixels.Length / 4 * 3];
        for (int from = 0, to = 0; from < pixels.Length; from += 4, to += 3)
        {
            colours[to] = pixels[from];
            colours[to + 1] = pixels[from + 1];
            colours[to + 2] = pixels[from + 2];
        }

        return colours;
    }

    [LibraryImport(Library)]
    private static partial int png_image_begin_read_from_memory(ref Image image, byte* memory, nuint size);

    [LibraryImport(Library)]
    private static partial int png_image_finish_read(ref Image image, void* background, byte* buffer, int rowStride, void* colormap);

    [LibraryImport(Library)]
    private static partial int png_image_write_to_memory(
        ref Image image, byte* memory, ref nuint size, int convertTo8Bit, byte* buffer, int rowStride, void* colormap);

    [LibraryImport(Library)]
    private static partial void png_image_free(ref Image image);

    /// <summary><c>png_image</c> of png.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Image
    {
        public nint Opaque;
        public uint Version;
        public uint Width;
        public uint Height;
        public uint Format;
        public uint Flags;
        public uint ColormapEntries;
        public uint WarningOrError;
        public fixed byte Message[64];

        public string Text
        {
            get
            {
                fixed (byte* message = Message)
                    return Marshal.PtrToStringUTF8((nint)message);
            }
        }
    }
}
