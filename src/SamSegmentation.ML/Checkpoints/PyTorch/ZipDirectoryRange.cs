using System.Buffers.Binary;
using SamSegmentation.ML.Checkpoints.Storage;

namespace SamSegmentation.ML.Checkpoints.PyTorch;

/// <summary>
/// Where a zip archive's central directory lies and how many entries it has (APPNOTE.TXT 4.3.14 to 4.3.16), with and
/// without zip64.
/// </summary>
internal readonly record struct ZipDirectoryRange(long Offset, long Length, long Count)
{
    private const uint EndSignature = 0x06054b50;
    private const uint LocatorSignature = 0x07064b50;
    private const uint Zip64EndSignature = 0x06064b50;
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int Zip64EndBytes = 56;
    private const string Place = "end of the archive";

    public static ZipDirectoryRange Find(CheckpointFile file)
    {
        var tail = new byte[(int)Math.Min(file.Length, EndBytes + ushort.MaxValue)];
        var tailStart = file.Length - tail.Length;
        file.Read(tailStart, tail, Place);
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            // The record is the one whose comment ends with the file.
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) == EndSignature
                && BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) == end.Length - EndBytes)
                return Read(file, end, tailStart + at);
        }
        throw file.Error(Place, "no zip directory; the file is truncated or no archive.");
    }

    private static ZipDirectoryRange Read(CheckpointFile file, ReadOnlySpan<byte> end, long endOffset)
    {
        var disks = BinaryPrimitives.ReadUInt32LittleEndian(end[4..]);
        var countHere = BinaryPrimitives.ReadUInt16LittleEndian(end[8..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if ((disks != 0 && disks != uint.MaxValue) || countHere != count)
            throw file.Error(Place, "the archive is split over several files.");

        var range = new ZipDirectoryRange(offset, length, count);
        var directoryEnd = endOffset;
        if (Zip64Record(file, endOffset) is var (record, recordOffset))
        {
            if ((count != ushort.MaxValue && count != record.Count)
                || (length != uint.MaxValue && length != record.Length)
                || (offset != uint.MaxValue && offset != record.Offset))
                throw file.Error(Place, "its zip64 record contradicts its plain one.");
            (range, directoryEnd) = (record, recordOffset);
        }
        if (range.Offset < 0 || range.Length < 0 || range.Offset > directoryEnd || range.Length != directoryEnd - range.Offset)
            throw file.Error(Place, $"the directory is said to be {range.Length} bytes at {range.Offset}, but it must end at {directoryEnd}.");
        return range;
    }

    private static (ZipDirectoryRange Record, long Offset)? Zip64Record(CheckpointFile file, long endOffset)
    {
        if (endOffset < LocatorBytes + Zip64EndBytes)
            return null;
        Span<byte> locator = stackalloc byte[LocatorBytes];
        file.Read(endOffset - LocatorBytes, locator, Place);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorSignature)
            return null;
        var offset = BinaryPrimitives.ReadUInt64LittleEndian(locator[8..]);
        var limit = (ulong)(endOffset - LocatorBytes - Zip64EndBytes);
        if (offset > limit)
            throw file.Error(Place, $"its zip64 record is said to be at {offset}, behind {limit}.");
        Span<byte> record = stackalloc byte[Zip64EndBytes];
        file.Read((long)offset, record, Place);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != Zip64EndSignature)
            throw file.Error(Place, $"there is no zip64 record at {offset}.");
        var range = new ZipDirectoryRange(
            BinaryPrimitives.ReadInt64LittleEndian(record[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[32..]));
        return (range, (long)offset);
    }
}
