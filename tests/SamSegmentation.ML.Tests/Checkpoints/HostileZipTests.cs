using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Tests.Checkpoints.Files;
using Xunit;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>Archives whose directory, headers and entries lie.</summary>
public sealed class HostileZipTests : IDisposable
{
    private static readonly byte[] _pickle = PthFiles.Pickle(value => value.Dict(items => items.Text("x").Tensor("FloatStorage", "0", 4, 0, [4], [1])));
    private static readonly byte[] _storage = PthFiles.Storage(1f, 2, 3, 4);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, byte[], string, string> Archives()
    {
        var data = new TheoryData<string, byte[], string, string>();
        void Add(string name, string place, string reason, params ZipPart[] parts) => data.Add(name, ZipWriter.Archive(parts), place, reason);
        ZipPart pickle = new("a/data.pkl", _pickle), storage = new("a/data/0", _storage);
        var deflated = new byte[40]; // what it inflates to is never asked

        Add("stored storage that claims 3 GiB", "'a/data/0'", "3221225472 bytes are said to begin", pickle, storage with { Length = 3u << 30 });
        Add("stored storage that claims one byte more", "'a/data/0'", "17 bytes are said to begin", pickle, storage with { Length = 17 });
        Add("stored storage that holds fewer bytes than claimed", "'a/data/0'", "16 bytes are said to hold 4294967294", pickle, storage with { UnpackedLength = uint.MaxValue - 1 });
        Add("stored pickle that claims 3 GiB", "'a/data.pkl'", "3221225472 bytes", pickle with { Length = 3u << 30 }, storage);
        Add("deflated storage that claims 4 GiB", "'a/data/0'", "compressed (method 8)", pickle, storage with { Data = deflated, Method = 8, UnpackedLength = uint.MaxValue - 1 });
        Add("deflated pickle that claims 4 GiB", "'a/data.pkl'", "compressed (method 8)", pickle with { Data = deflated, Method = 8, UnpackedLength = uint.MaxValue - 1 }, storage);
        Add("deflated storage beyond the file", "'a/data/0'", "3221225472 bytes are said to begin", pickle, storage with { Method = 8, Length = 3u << 30 });
        Add("encrypted", "'a/data/0'", "encrypted", pickle, storage with { Flags = 1 });
        Add("zip64 length without its field", "'a/data/0'", "marked as zip64", pickle, storage with { Length = uint.MaxValue, UnpackedLength = uint.MaxValue });
        Add("zip64 length that is negative", "'a/data/0'", "bytes are said to begin", pickle, storage with { Length = uint.MaxValue, UnpackedLength = uint.MaxValue, Extra = Zip64(-1, -1) });
        Add("zip64 length of 2^62", "'a/data/0'", "4611686018427387904 bytes are said to begin", pickle, storage with { Length = uint.MaxValue, UnpackedLength = uint.MaxValue, Extra = Zip64(1L << 62, 1L << 62) });
        Add("zip64 offset that is negative", "'a/data/0'", "said to be at byte -9", pickle, storage with { Offset = uint.MaxValue, Extra = Zip64(-9) });
        Add("extra field beyond itself", "'a/data/0'", "extra field is damaged", pickle, storage with { Extra = [1, 0, 200, 0, 1] });
        Add("offset beyond the file", "'a/data/0'", "said to be at byte 4000000000", pickle, storage with { Offset = 4_000_000_000 });
        Add("offset into the middle", "'a/data/0'", "missing or contradicts", pickle, storage with { Offset = 7 });
        Add("another name in its own header", "'a/data/0'", "missing or contradicts", pickle, storage with { LocalName = "a/data/1" });
        Add("two names of one entry", "'a/data/1'", "missing or contradicts", pickle, storage, new ZipPart("a/data/1", _storage) { Offset = 0 });
        Add("entries over each other", "a/data/", "within 'a/data", pickle, storage with { Length = 32, Data = [.. _storage, .. Local("a/data/1", 8)] }, new ZipPart("a/data/1", new byte[8]) { Offset = (uint)(30 + 10 + _pickle.Length + 30 + 8 + 16) });
        Add("name twice", "'a/data/0'", "two entries have this name", pickle, storage, storage);
        Add("two pickles", "zip directory", "2 entries are named data.pkl", pickle, storage, new ZipPart("b/data.pkl", _pickle));
        Add("no pickle", "zip directory", "0 entries are named data.pkl", storage);
        Add("no storage", "'a/data/0'", "not there", pickle);
        Add("storage of too few bytes", "'a/data/0'", "15 bytes, but 4 elements of Float32 are expected", pickle, storage with { Data = new byte[15] });
        Add("storage of too many bytes", "'a/data/0'", "20 bytes, but 4 elements of Float32 are expected", pickle, storage with { Data = new byte[20] });
        Add("big-endian", "'a/byteorder'", "not little-endian", pickle, storage, new ZipPart("a/byteorder", "big"u8.ToArray()));
        Add("byte order of a megabyte", "'a/byteorder'", "not little-endian", pickle, storage, new ZipPart("a/byteorder", new byte[1 << 20]));
        Add("TorchScript", "'a/data.pkl'", "'__torch__.Net'", new ZipPart("a/data.pkl", PthFiles.Pickle(value => value.Global("__torch__", "Net"))), new ZipPart("a/code/__torch__.py", "import os"u8.ToArray()));
        Add("path out of the archive", "'../../etc/data/0'", "not there", new ZipPart("../../etc/data.pkl", _pickle), storage);

        data.Add("count too large", new ZipWriter { Count = 3 }.Build(pickle, storage), "zip directory", "2 entries, but 3 are announced");
        data.Add("count too small", new ZipWriter { Count = 1 }.Build(pickle, storage), "zip directory", "2 entries, but 1 are announced");
        data.Add("directory beyond the file", new ZipWriter { DirectoryOffset = 4_000_000_000 }.Build(pickle, storage), "end of the archive", "at 4000000000");
        data.Add("directory of gigabytes", new ZipWriter { DirectoryLength = 4_000_000_000 }.Build(pickle, storage), "end of the archive", "4000000000 bytes");
        data.Add("directory of gigabytes in zip64", new ZipWriter { DirectoryLength = 4_000_000_000, Zip64 = true }.Build(pickle, storage), "end of the archive", "4000000000 bytes");
        data.Add("directory elsewhere", new ZipWriter { DirectoryOffset = 0 }.Build(pickle, storage), "end of the archive", "must end at");
        data.Add("entry in the directory that is none", new ZipWriter { DirectoryOffset = 0, DirectoryLength = (uint)(30 + 10 + _pickle.Length + 46 + 10) }.Build(pickle), "zip directory at byte 0", "no entry where one was expected");
        data.Add("header alone", [.. Local("a", 0)], "end of the archive", "no zip directory");
        data.Add("bytes behind the end", [.. ZipWriter.Archive(pickle, storage), 0], "end of the archive", "no zip directory");
        return data;
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void Open_HostileArchive_IsRefused(string name, byte[] archive, string place, string reason) =>
        HostileFile.AssertRefused(_folder.Write($"{name.Replace(' ', '-').Replace('^', '-')}.pth", archive), place, reason);

    [Fact]
    public void Open_SoundArchive_IsRead()
    {
        // What the cases above differ from in one point each.
        var path = _folder.Write("x.pth", ZipWriter.Archive(new("a/data.pkl", _pickle), new("a/data/0", _storage)));

        using var checkpoint = Checkpoint.Open(path);

        Assert.Equal(["x"], checkpoint.Entries.Keys);
    }

    [Fact]
    public void Open_EveryTruncation_IsRefused()
    {
        var archive = PthFiles.Zip(value => value.Dict(items => items.Text("x").Tensor("FloatStorage", "0", 4, 0, [4], [1])), ("0", _storage));
        for (var length = 0; length < archive.Length; length++)
            Assert.False(HostileFile.OpensOrIsRefused(_folder.Write("x.pth", archive[..length])), $"A file cut to {length} of {archive.Length} bytes was taken for a whole one.");
    }

    [Fact]
    public void Open_DirectoryOfManySmallEntries_CostsWhatTheFileTakes()
    {
        var archive = ZipWriter.Archive([.. Enumerable.Range(0, 20_000).Select(i => new ZipPart($"{i}", []))]);
        HostileFile.AssertRefused(_folder.Write("x.pth", archive), "zip directory", "0 entries are named data.pkl");
    }

    [Fact]
    public void Read_FileShortenedSinceItWasOpened_IsRefused()
    {
        var path = _folder.Write("x.pth", PthFiles.Zip(value => value.Dict(items => items.Text("x").Tensor("FloatStorage", "0", 4, 0, [4], [1])), ("0", _storage)));
        using var checkpoint = Checkpoint.Open(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(40);

        var error = Assert.Throws<CheckpointFormatException>(() => checkpoint.Read("x"));

        Assert.Equal("tensor 'x'", error.Place);
        Assert.Contains("shortened", error.Reason);
    }

    private static byte[] Zip64(params long[] values) => [1, 0, (byte)(8 * values.Length), 0, .. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Local(string name, int length) => ZipWriter.Archive(new ZipPart(name, new byte[length]))[..(30 + name.Length + length)];
}
