using System.Buffers.Binary;
using System.Text;
using SamSegmentation.ML.Checkpoints.Storage;

namespace SamSegmentation.ML.Checkpoints.PyTorch;

/// <summary>
/// A zip archive's entries (APPNOTE.TXT 4.3.7 and 4.3.12). Sizes and offsets are believed only where the central
/// directory, the entry's own header and the file's length agree, and entries may not overlap.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint LocalSignature = 0x04034b50;
    private const uint CentralSignature = 0x02014b50;
    private const int LocalBytes = 30;
    private const int CentralBytes = 46;
    private const int MaxDirectoryBytes = 64 << 20;
    private const ushort Zip64Extra = 1;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly CheckpointFile _file;
    private readonly OrderedDictionary<string, ZipEntry> _entries = new(StringComparer.Ordinal);

    private ZipDirectory(CheckpointFile file) => _file = file;

    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Whether the file begins with an entry's header.</summary>
    public static bool Sniff(ReadOnlySpan<byte> start) =>
        start.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(start) == LocalSignature;

    public static ZipDirectory Read(CheckpointFile file)
    {
        var range = ZipDirectoryRange.Find(file);
        if (range.Length > MaxDirectoryBytes)
            throw file.Error("zip directory", $"it has {range.Length} bytes; at most {MaxDirectoryBytes} are read.");
        var central = new byte[range.Length];
        file.Read(range.Offset, central, "zip directory");
        var directory = new ZipDirectory(file);
        directory.ReadEntries(central, range);
        return directory;
    }

    /// <summary>An entry that is not compressed, or null.</summary>
    public ZipEntry? FindStored(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            return null;
        return entry.Method == 0
            ? entry
            : throw _file.Error($"zip entry '{name}'", $"it is compressed (method {entry.Method}); torch.save stores entries as they are, and only such are read.");
    }

    private void ReadEntries(ReadOnlySpan<byte> central, ZipDirectoryRange range)
    {
        var rest = central;
        var extents = new List<(long Start, long End, string Name)>();
        while (!rest.IsEmpty)
        {
            var place = $"zip directory at byte {range.Offset + central.Length - rest.Length}";
            if (rest.Length < CentralBytes || BinaryPrimitives.ReadUInt32LittleEndian(rest) != CentralSignature)
                throw _file.Error(place, "no entry where one was expected.");
            var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[28..]);
            var extraLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[30..]);
            var length = CentralBytes + nameLength + extraLength + BinaryPrimitives.ReadUInt16LittleEndian(rest[32..]);
            if (length > rest.Length)
                throw _file.Error(place, "the entry does not fit into the directory.");
            var nameBytes = rest.Slice(CentralBytes, nameLength);
            var name = DecodeName(nameBytes, place);
            var header = CentralHeader.Parse(_file, name, rest, rest.Slice(CentralBytes + nameLength, extraLength));
            var entry = Locate(name, nameBytes, header, range.Offset);
            if (!_entries.TryAdd(name, entry))
                throw _file.Error($"zip entry '{name}'", "two entries have this name.");
            extents.Add((header.LocalOffset, entry.Offset + entry.Length, name));
            rest = rest[length..];
        }
        if (_entries.Count != range.Count)
            throw _file.Error("zip directory", $"it has {_entries.Count} entries, but {range.Count} are announced.");
        extents.Sort();
        foreach (var (before, after) in extents.Zip(extents.Skip(1)))
        {
            if (after.Start < before.End)
                throw _file.Error($"zip entry '{after.Name}'", $"it begins at byte {after.Start}, within '{before.Name}', which ends at {before.End}.");
        }
    }

    private string DecodeName(ReadOnlySpan<byte> bytes, string place)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw _file.Error(place, "the entry's name is not UTF-8.", error);
        }
    }

    /// <summary>Follows a central header to the entry's own header, and checks that both say the same.</summary>
    private ZipEntry Locate(string name, ReadOnlySpan<byte> nameBytes, CentralHeader header, long dataLimit)
    {
        var place = $"zip entry '{name}'";
        if (header.LocalOffset < 0 || header.LocalOffset > dataLimit - LocalBytes - nameBytes.Length)
            throw _file.Error(place, $"its header is said to be at byte {header.LocalOffset}; entries end at {dataLimit}.");
        var local = new byte[LocalBytes + nameBytes.Length];
        _file.Read(header.LocalOffset, local, place);
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalSignature
            || BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(8)) != header.Method
            || BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(26)) != nameBytes.Length
            || !local.AsSpan(LocalBytes).SequenceEqual(nameBytes))
            throw _file.Error(place, $"its header at byte {header.LocalOffset} is missing or contradicts the directory.");
        var offset = header.LocalOffset + local.Length + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(28));
        if (header.Length < 0 || offset > dataLimit || header.Length > dataLimit - offset)
            throw _file.Error(place, $"{header.Length} bytes are said to begin at {offset}, but entries end at {dataLimit}.");
        if (header.Method == 0 && header.Length != header.UnpackedLength)
            throw _file.Error(place, $"it is not compressed, yet {header.Length} bytes are said to hold {header.UnpackedLength}.");
        return new ZipEntry(name, header.Method, offset, header.Length);
    }

    /// <summary>An entry as the central directory states it.</summary>
    private readonly record struct CentralHeader(int Method, long Length, long UnpackedLength, long LocalOffset)
    {
        public static CentralHeader Parse(CheckpointFile file, string name, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
        {
            var place = $"zip entry '{name}'";
            if ((BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) & 1) != 0)
                throw file.Error(place, "it is encrypted.");
            var zip64 = FindZip64(file, place, extra);
            // The zip64 field holds only those numbers that the header marks as too large, in this order.
            var unpacked = Widen(BinaryPrimitives.ReadUInt32LittleEndian(header[24..]), ref zip64);
            var length = Widen(BinaryPrimitives.ReadUInt32LittleEndian(header[20..]), ref zip64);
            var offset = Widen(BinaryPrimitives.ReadUInt32LittleEndian(header[42..]), ref zip64);
            return new CentralHeader(BinaryPrimitives.ReadUInt16LittleEndian(header[10..]), length, unpacked, offset);

            long Widen(uint value, ref ReadOnlySpan<byte> wide)
            {
                if (value != uint.MaxValue)
                    return value;
                if (wide.Length < 8)
                    throw file.Error(place, "a size or offset is marked as zip64 but is not there.");
                var result = BinaryPrimitives.ReadInt64LittleEndian(wide);
                wide = wide[8..];
                return result;
            }
        }

        private static ReadOnlySpan<byte> FindZip64(CheckpointFile file, string place, ReadOnlySpan<byte> extra)
        {
            while (extra.Length >= 4)
            {
                var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
                var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
                if (length > extra.Length - 4)
                    throw file.Error(place, "its extra field is damaged.");
                if (id == Zip64Extra)
                    return extra.Slice(4, length);
                extra = extra[(4 + length)..];
            }
            return default;
        }
    }
}
