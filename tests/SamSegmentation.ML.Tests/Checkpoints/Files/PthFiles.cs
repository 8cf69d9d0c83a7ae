using System.Runtime.InteropServices;

namespace SamSegmentation.ML.Tests.Checkpoints.Files;

/// <summary>Whole .pth files in both of PyTorch's formats from a pickle and storages.</summary>
internal static class PthFiles
{
    private static readonly byte[] _magic = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    /// <summary>The zip format: <c>archive/data.pkl</c> and <c>archive/data/KEY</c>.</summary>
    public static byte[] Zip(Action<PickleWriter> value, params IEnumerable<(string Key, byte[] Data)> storages) =>
        ZipWriter.Archive(Parts(Pickle(value), storages));

    /// <summary>The entries of a zip-format file.</summary>
    public static List<ZipPart> Parts(byte[] pickle, params IEnumerable<(string Key, byte[] Data)> storages) =>
    [
        new("archive/data.pkl", pickle),
        .. storages.Select(storage => new ZipPart($"archive/data/{storage.Key}", storage.Data) { Padding = 5 }),
        new("archive/version", "3\n"u8.ToArray()),
    ];

    /// <summary>The format before 1.6, whose storages state their number of elements.</summary>
    public static byte[] Legacy(Action<PickleWriter> value, params IEnumerable<(string Key, long Count, byte[] Data)> storages) =>
        Legacy(Pickle(value), storages);

    /// <inheritdoc cref="Legacy(Action{PickleWriter}, IEnumerable{ValueTuple{string, long, byte[]}})"/>
    public static byte[] Legacy(byte[] pickle, params IEnumerable<(string Key, long Count, byte[] Data)> storages)
    {
        var parts = storages.ToArray();
        return
        [
            .. Magic(),
            .. Pickle(number => number.Int(1001)),
            .. System(littleEndian: true),
            .. pickle,
            .. Pickle(keys => keys.List(list => Array.ForEach(parts, part => list.Text(part.Key)))),
            .. parts.SelectMany(part => BitConverter.GetBytes(part.Count).Concat(part.Data)),
        ];
    }

    /// <summary>The first pickle of the legacy format.</summary>
    public static byte[] Magic() => new PickleWriter().Raw(0x8a, (byte)_magic.Length).Raw(_magic).Stop();

    /// <summary>The third pickle of the legacy format.</summary>
    public static byte[] System(bool littleEndian) => Pickle(system => system.Dict(items => items
        .Text("protocol_version").Int(1001)
        .Text("little_endian").Bool(littleEndian)
        .Text("type_sizes").Dict(sizes => sizes.Text("short").Int(2).Text("int").Int(4).Text("long").Int(4))));

    /// <summary>A pickle of one value.</summary>
    public static byte[] Pickle(Action<PickleWriter> value)
    {
        var pickle = new PickleWriter();
        value(pickle);
        return pickle.Stop();
    }

    /// <summary>Values as they lie in a storage.</summary>
    public static byte[] Storage<T>(params ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values).ToArray();
}
