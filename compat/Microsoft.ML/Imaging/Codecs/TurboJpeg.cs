using System.Runtime.InteropServices;

namespace Microsoft.ML.Imaging.Codecs;

/// <summary>JPEG through libjpeg-turbo's TurboJPEG interface.</summary>
internal static unsafe partial class TurboJpeg
{
    private const string Library = "libturbojpeg.so.0";
    private const int PixelRgbx = 2;
    private const int PixelBgrx = 3;
    private const int PixelBgra = 8;
    private const int PixelCmyk = 11;
    private const int ColorspaceCmyk = 3;
    private const int ColorspaceYcck = 4;
    private const int Sampling420 = 2;
    private const int AccurateDct = 4096;
    private const int FatalError = 1;

    public static bool IsJpeg(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    /// <summary>
    /// Null when the file cannot be decoded. What a file lacks at its end is filled, as Skia does: libjpeg's warnings
    /// are no errors. The orientation that EXIF names is not applied.
    /// </summary>
    public static Bitmap Decode(ReadOnlySpan<byte> file)
    {
        var decoder = tjInitDecompress();
        try
        {
            fixed (byte* source = file)
            {
                if (Failed(decoder, tjDecompressHeader3(decoder, source, (uint)file.Length, out var width, out var height, out _, out var colorspace))
                    || width <= 0 || height <= 0 || (long)width * height * 4 > Array.MaxLength)
                    return null;
                var cmyk = colorspace is ColorspaceCmyk or ColorspaceYcck;
                var bitmap = new Bitmap(width, height, bgra: true, opaque: true);
                fixed (byte* target = bitmap.Pixels)
                {
                    var status = tjDecompress2(
                        decoder, source, (uint)file.Length, target, width, width * 4, height, cmyk ? PixelCmyk : PixelBgra, AccurateDct);
                    if (Failed(decoder, status))
                        return null;
                }

                if (cmyk)
                    FromInvertedCmyk(bitmap.Pixels);
                return bitmap;
            }
        }
        finally
        {
            _ = tjDestroy(decoder);
        }
    }

    public static byte[] Encode(Bitmap bitmap, int quality)
    {
        var encoder = tjInitCompress();
        byte* target = null;
        nuint size = 0;
        try
        {
            fixed (byte* source = bitmap.Pixels)
            {
                var format = bitmap.IsBgra ? PixelBgrx : PixelRgbx;
                if (tjCompress2(encoder, source, bitmap.Width, bitmap.Width * 4, bitmap.Height, format, ref target, ref size, Sampling420, quality, AccurateDct) != 0)
                    throw new InvalidOperationException(Marshal.PtrToStringUTF8(tjGetErrorStr2(encoder)));
            }

            return new ReadOnlySpan<byte>(target, checked((int)size)).ToArray();
        }
        finally
        {
            tjFree(target);
            _ = tjDestroy(encoder);
        }
    }

    /// <summary>JPEG files of four inks are stored inverted: 255 is no ink.</summary>
    private static void FromInvertedCmyk(byte[] pixels)
    {
        for (var i = 0; i < pixels.Length; i += 4)
        {
            int black = pixels[i + 3];
            var red = Bitmap.Multiply(pixels[i], black);
            pixels[i + 1] = Bitmap.Multiply(pixels[i + 1], black);
            pixels[i] = Bitmap.Multiply(pixels[i + 2], black);
            pixels[i + 2] = red;
            pixels[i + 3] = 255;
        }
    }

    private static bool Failed(nint handle, int status) => status != 0 && tjGetErrorCode(handle) == FatalError;

    [LibraryImport(Library)]
    private static partial nint tjInitDecompress();

    [LibraryImport(Library)]
    private static partial nint tjInitCompress();

    [LibraryImport(Library)]
    private static partial int tjDestroy(nint handle);

    [LibraryImport(Library)]
    private static partial int tjGetErrorCode(nint handle);

    [LibraryImport(Library)]
    private static partial nint tjGetErrorStr2(nint handle);

    [LibraryImport(Library)]
    private static partial void tjFree(byte* buffer);

    [LibraryImport(Library)]
    private static partial int tjDecompressHeader3(
        nint handle, byte* source, nuint size, out int width, out int height, out int subsampling, out int colorspace);

    [LibraryImport(Library)]
    private static partial int tjDecompress2(
        nint handle, byte* source, nuint size, byte* target, int width, int pitch, int height, int pixelFormat, int flags);

    [LibraryImport(Library)]
    private static partial int tjCompress2(
        nint handle, byte* source, int width, int pitch, int height, int pixelFormat, ref byte* target, ref nuint size, int subsampling, int quality, int flags);
}
