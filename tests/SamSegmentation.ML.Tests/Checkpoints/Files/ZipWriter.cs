using System.Text;

namespace SamSegmentation.ML.Tests.Checkpoints.Files;

/// <summary>An entry of a zip archive, and what its headers are to say falsely.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Data">Its bytes as they lie in the file.</param>
internal sealed record ZipPart(string Name, byte[] Data)
{
    /// <summary>How it is compressed; 0 is not at all, 8 is deflate.</summary>
    public ushort Method { get; init; }

    public ushort Flags { get; init; }

    /// <summary>The length that both headers state; null for the truth.</summary>
    public uint? Length { get; init; }

    /// <summary>The unpacked length that both headers state; null for the same as the length.</summary>
    public uint? UnpackedLength { get; init; }

    /// <summary>The name in the entry's own header; null for the same.</summary>
    public string? LocalName { get; init; }

    /// <summary>The length in the entry's own header alone; null for the same as in the directory.</summary>
    public uint? LocalLength { get; init; }

    /// <summary>Where the directory says that the entry begins; null for the truth.</summary>
    public uint? Offset { get; init; }

    /// <summary>The directory's extra field, for zip64.</summary>
    public byte[] Extra { get; init; } = [];

    /// <summary>Bytes of padding in the entry's own extra field, by which torch.save aligns the data.</summary>
    public int Padding { get; init; }
}

/// <summary>Writes zip archives byte by byte (APPNOTE.TXT 4.3), sound ones and others.</summary>
internal sealed class ZipWriter
{
    private readonly MemoryStream _file = new();
    private readonly MemoryStream _central = new();
    private int _count;

    /// <summary>The number of entries that the end record states; null for the truth.</summary>
    public ushort? Count { get; init; }

    /// <summary>The directory's offset that the end record states; null for the truth.</summary>
    public uint? DirectoryOffset { get; init; }

    /// <summary>The directory's length that the end record states; null for the truth.</summary>
    public uint? DirectoryLength { get; init; }

    /// <summary>Whether the end is written as zip64, which torch.save does.</summary>
    public bool Zip64 { get; init; }

    public byte[] Comment { get; init; } = [];

    public static byte[] Archive(params IEnumerable<ZipPart> parts) => new ZipWriter().Build(parts);

    public byte[] Build(params IEnumerable<ZipPart> parts)
    {
        foreach (var part in parts)
            Add(part);
        using var writer = new BinaryWriter(_file, Encoding.UTF8, leaveOpen: true);
        var offset = (uint)_file.Length;
        _central.WriteTo(_file);
        var length = (uint)_central.Length;
        if (Zip64)
        {
            var at = _file.Length;
            writer.Write(0x06064b50u);
            writer.Write(44L);
            writer.Write((ushort)45);
            writer.Write((ushort)45);
            writer.Write(0u);
            writer.Write(0u);
            writer.Write((long)(Count ?? _count));
            writer.Write((long)(Count ?? _count));
            writer.Write((long)(DirectoryLength ?? length));
            writer.Write((long)(DirectoryOffset ?? offset));
            writer.Write(0x07064b50u);
            writer.Write(0u);
            writer.Write(at);
            writer.Write(1u);
        }
        writer.Write(0x06054b50u);
        writer.Write(0u);
        writer.Write(Zip64 ? ushort.MaxValue : Count ?? (ushort)_count);
        writer.Write(Zip64 ? ushort.MaxValue : Count ?? (ushort)_count);
        writer.Write(Zip64 ? uint.MaxValue : DirectoryLength ?? length);
        writer.Write(Zip64 ? uint.MaxValue : DirectoryOffset ?? offset);
        writer.Write((ushort)Comment.Length);
        writer.Write(Comment);
        return _file.ToArray();
    }

    private void Add(ZipPart part)
    {
        var start = (uint)_file.Length;
        var length = part.Length ?? (uint)part.Data.Length;
        using (var local = new BinaryWriter(_file, Encoding.UTF8, leaveOpen: true))
        {
            var name = Encoding.UTF8.GetBytes(part.LocalName ?? part.Name);
            local.Write(0x04034b50u);
            Common(local, part, part.LocalLength ?? length, part.UnpackedLength ?? part.LocalLength ?? length);
            local.Write((ushort)name.Length);
            local.Write((ushort)part.Padding);
            local.Write(name);
            local.Write(new byte[part.Padding]);
            local.Write(part.Data);
        }
        using var central = new BinaryWriter(_central, Encoding.UTF8, leaveOpen: true);
        var centralName = Encoding.UTF8.GetBytes(part.Name);
        central.Write(0x02014b50u);
        central.Write((ushort)20);
        Common(central, part, length, part.UnpackedLength ?? length);
        central.Write((ushort)centralName.Length);
        central.Write((ushort)part.Extra.Length);
        central.Write((ushort)0); // comment
        central.Write((ushort)0); // disk
        central.Write((ushort)0); // internal attributes
        central.Write(0u);
        central.Write(part.Offset ?? start);
        central.Write(centralName);
        central.Write(part.Extra);
        _count++;
    }

    // Version, flags, method, time, checksum and sizes stand alike in both headers. The checksum is nobody's business here.
    private static void Common(BinaryWriter header, ZipPart part, uint length, uint unpacked)
    {
        header.Write((ushort)20);
        header.Write(part.Flags);
        header.Write(part.Method);
        header.Write(0u);
        header.Write(0u);
        header.Write(length);
        header.Write(unpacked);
    }
}
