using System.Buffers.Binary;

namespace SamSegmentation.ML.Imaging.Jpeg;

/// <summary>What must hold of a JPEG before it is given to the decoder.</summary>
internal static class JpegFile
{
    private const int MinFrameHeader = 6; // precision, height, width, number of components

    /// <summary>Reads the size from the frame header.</summary>
    /// <returns>Null when the bytes end before it and are not the whole file.</returns>
    public static ImageInfo? TryReadSize(ReadOnlySpan<byte> jpeg, bool isWhole, string? path)
    {
        JpegMarkerReader marker = new(jpeg, path);
        while (marker.TryNext())
        {
            if (marker.IsFrameHeader)
            {
                return ReadFrameHeader(marker, path);
            }

            if (marker.Code is JpegMarkerReader.StartOfScan or JpegMarkerReader.EndOfImage)
            {
                throw new ImageFormatException(path, marker.Place, "expected a frame header (FFC0 to FFCF), which gives the size, before this");
            }
        }

        return isWhole
            ? throw new ImageFormatException(path, $"byte {jpeg.Length}", "the file ends before a frame header (FFC0 to FFCF), which gives the size")
            : null;
    }

    /// <summary>Checks that scans follow the header and that the file goes on to its end-of-image marker.</summary>
    public static void CheckComplete(ReadOnlySpan<byte> jpeg, string? path)
    {
        JpegMarkerReader marker = new(jpeg, path);
        bool hasScan = false;
        while (marker.TryNext())
        {
            hasScan |= marker.Code is JpegMarkerReader.StartOfScan;
            if (marker.Code is JpegMarkerReader.EndOfImage)
            {
                if (!hasScan)
                {
                    throw new ImageFormatException(path, marker.Place, "the image ends without a scan (FFDA)");
                }

                return;
            }
        }

        throw new ImageFormatException(path, $"byte {jpeg.Length}", "the file ends before the end-of-image marker (FFD9): it was cut off");
    }

    private static ImageInfo ReadFrameHeader(in JpegMarkerReader marker, string? path)
    {
        if (marker.Data.Length < MinFrameHeader)
        {
            throw new ImageFormatException(path, marker.Place, $"a frame header of {marker.Data.Length} bytes; expected at least {MinFrameHeader}");
        }

        int height = BinaryPrimitives.ReadUInt16BigEndian(marker.Data[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(marker.Data[3..]);
        return height > 0 && width > 0
            ? new ImageInfo(ImageFormat.Jpeg, height, width)
            : throw new ImageFormatException(path, marker.Place, $"size {width}×{height}; expected at least 1 each (a height given after the scan is not supported)");
    }
}
