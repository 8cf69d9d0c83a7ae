using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging.Png;
using SamSegmentation.ML.IO;

namespace SamSegmentation.ML.Imaging;

/// <summary>A photograph: height × width pixels of red, green and blue, a byte each.</summary>
public sealed class RgbImage
{
    /// <summary>Creates an image over an array, which is kept and not copied.</summary>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="pixels">Height × width × 3 bytes, row by row from the top left; red, green, blue.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    /// <exception cref="ArgumentException">The array is not of height × width × 3 elements.</exception>
    public RgbImage(int height, int width, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Length != 3L * height * width)
        {
            throw new ArgumentException($"A {width}×{height} image takes {3L * height * width} bytes, not {pixels.Length}.", nameof(pixels));
        }

        Height = height;
        Width = width;
        Pixels = pixels;
    }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>The pixels, height × width × 3 bytes, row by row from the top left; red, green, blue.</summary>
    public byte[] Pixels { get; }

    /// <summary>
    /// Reads a PNG or JPEG file. Its size and completeness are checked first; then <see cref="MLImage"/> decodes it.
    /// EXIF rotation is not applied. Alpha is dropped, as <see cref="FromMLImage"/> does.
    /// </summary>
    /// <param name="path">The file; its name's extension does not matter.</param>
    /// <param name="limits">How large it may say it is; null for <see cref="ImageLimits.Default"/>.</param>
    /// <returns>The image.</returns>
    /// <exception cref="ImageFormatException">The file is neither PNG nor JPEG, is damaged or cut off, or is larger than allowed.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static RgbImage Load(string path, ImageLimits? limits = null) =>
        Decode(ImageBytes.Read(path), limits, path);

    /// <summary>Decodes a PNG or JPEG file from memory, as <see cref="Load"/> does.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="limits">How large it may say it is; null for <see cref="ImageLimits.Default"/>.</param>
    /// <param name="path">Where the bytes came from, for error messages.</param>
    /// <returns>The image.</returns>
    /// <exception cref="ImageFormatException">The bytes are neither PNG nor JPEG, are damaged or cut off, or declare a larger image than allowed.</exception>
    public static RgbImage Decode(byte[] file, ImageLimits? limits = null, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        using MLImage image = DecodeMLImage(file, limits ?? ImageLimits.Default, path);
        return FromMLImage(image);
    }

    /// <summary>
    /// Copies the colours of ML.NET's image and drops its alpha. The image holds them multiplied by alpha, which is
    /// undone up to rounding; a pixel of alpha 0 is taken as it is.
    /// </summary>
    /// <param name="image">The image, which stays the caller's.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="NotSupportedException">The image has another pixel format than ML.NET's two.</exception>
    public static RgbImage FromMLImage(MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        (int red, int blue) = Shifts(image.PixelFormat);
        ReadOnlySpan<uint> source = MemoryMarshal.Cast<byte, uint>(image.Pixels);
        byte[] pixels = new byte[3L * source.Length];
        int at = 0;
        foreach (uint pixel in source)
        {
            uint alpha = pixel >> 24;
            pixels[at] = Straight((byte)(pixel >> red), alpha);
            pixels[at + 1] = Straight((byte)(pixel >> 8), alpha);
            pixels[at + 2] = Straight((byte)(pixel >> blue), alpha);
            at += 3;
        }

        return new RgbImage(image.Height, image.Width, pixels);
    }

    /// <summary>Copies the pixels into ML.NET's image, opaque.</summary>
    /// <returns>An image that the caller disposes.</returns>
    public MLImage ToMLImage()
    {
        uint[] target = new uint[Height * Width];
        (int red, int blue) = Shifts(MLPixelFormat.Bgra32);
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = 0xFF000000u | ((uint)Pixels[3 * i] << red) | ((uint)Pixels[(3 * i) + 1] << 8) | ((uint)Pixels[(3 * i) + 2] << blue);
        }

        return MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Bgra32, MemoryMarshal.AsBytes<uint>(target));
    }

    /// <summary>Writes an 8-bit RGB PNG.</summary>
    /// <param name="path">The file; it is replaced in one step, and its folder is made.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path) => AtomicFile.Write(path, EncodePng());

    /// <summary>The bytes that <see cref="SavePng"/> writes; the same image gives the same bytes.</summary>
    /// <returns>A whole PNG file.</returns>
    public byte[] EncodePng() => PngEncoder.Encode(new PngHeader(Height, Width, 8, PngColorType.Rgb, false), Pixels);

    /// <summary>Decodes a file from memory into ML.NET's image, with the checks of <see cref="Decode"/>.</summary>
    internal static MLImage DecodeMLImage(byte[] file, ImageLimits limits, string? path)
    {
        ImageInfo info = ImageHeader.Verify(file, limits, path);
        MLImage image = DecodeChecked(file, info, path);
        if (image.Height == info.Height && image.Width == info.Width)
        {
            return image;
        }

        using (image)
        {
            throw new ImageFormatException(path, "decoded image",
                $"{image.Width}×{image.Height}; the header says {info.Width}×{info.Height}");
        }
    }

    private static MLImage DecodeChecked(byte[] file, ImageInfo info, string? path)
    {
        try
        {
            using MemoryStream stream = new(file, writable: false);
            return MLImage.CreateFromStream(stream);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new ImageFormatException(path, $"{info.Format} data", $"cannot be decoded: {e.Message}", e);
        }
    }

    // A colour before its multiplication by alpha / 255.
    private static byte Straight(byte color, uint alpha) =>
        alpha is 0 or 255 ? color : (byte)Math.Min(255, ((color * 255u) + (alpha / 2)) / alpha);

    // Where red and blue are in a pixel that is read as a little-endian number; green is always the second byte.
    private static (int Red, int Blue) Shifts(MLPixelFormat format) => format switch
    {
        MLPixelFormat.Bgra32 => (16, 0),
        MLPixelFormat.Rgba32 => (0, 16),
        _ => throw new NotSupportedException($"Pixel format {format}; expected {MLPixelFormat.Bgra32} or {MLPixelFormat.Rgba32}."),
    };
}
