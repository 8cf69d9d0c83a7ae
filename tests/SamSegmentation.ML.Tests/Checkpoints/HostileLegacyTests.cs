using SamSegmentation.ML.Tests.Checkpoints.Files;
using Xunit;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>Files of the format before zip whose parts contradict each other or the file's length.</summary>
public sealed class HostileLegacyTests : IDisposable
{
    private static readonly byte[] _storage = PthFiles.Storage(1f, 2, 3, 4);
    private static readonly byte[] _value = PthFiles.Pickle(OneTensor);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, byte[], string, string> Files()
    {
        byte[] version = PthFiles.Pickle(number => number.Int(1001)), system = PthFiles.System(littleEndian: true);
        byte[] keys = PthFiles.Pickle(list => list.List(items => items.Text("0"))), count = BitConverter.GetBytes(4L);
        return new()
        {
            { "another magic", [.. PthFiles.Pickle(number => number.Long(0x1950a86a20f9469c)), .. version], "magic number", "not one that torch.save wrote" },
            { "a plain pickle", _value, "magic number", "not one that torch.save wrote" },
            { "another version", [.. PthFiles.Magic(), .. PthFiles.Pickle(number => number.Int(1002))], "protocol version", "1001" },
            { "big-endian", [.. PthFiles.Magic(), .. version, .. PthFiles.System(littleEndian: false), .. _value], "system", "not little-endian" },
            { "system that is a list", [.. PthFiles.Magic(), .. version, .. PthFiles.Pickle(list => list.List(_ => { })), .. _value], "system", "not little-endian" },
            { "global in the magic", [.. PthFiles.Pickle(value => value.Global("os", "system")), .. version], "pickles at byte 13", "'os.system'" },
            { "keys that are a dict", [.. PthFiles.Magic(), .. version, .. system, .. _value, .. PthFiles.Pickle(dict => dict.Dict(_ => { }))], "pickles", "no list of the storages' keys" },
            { "key that is a number", [.. PthFiles.Magic(), .. version, .. system, .. _value, .. PthFiles.Pickle(list => list.List(items => items.Int(0)))], "storage keys", "a int is among them" },
            { "key that no tensor uses", PthFiles.Legacy(OneTensor, ("0", 4, _storage), ("1", 4, _storage)), "storage keys", "no tensor uses the storage '1'" },
            { "key twice", PthFiles.Legacy(OneTensor, ("0", 4, _storage), ("0", 4, _storage)), "storage '0'", "occurs twice" },
            { "key missing", PthFiles.Legacy(OneTensor), "storage '0'", "not there" },
            { "count too large", PthFiles.Legacy(OneTensor, ("0", 5, _storage)), "storage '0'", "5 elements where its tensors expect 4" },
            { "count negative", PthFiles.Legacy(OneTensor, ("0", -4, _storage)), "storage '0'", "-4 elements where" },
            { "count beyond the file", PthFiles.Legacy(value => Huge(value, 1L << 40), ("0", 1L << 40, _storage)), "storage '0'", "need 4398046511104 bytes, but 16 follow" },
            { "count that overflows", PthFiles.Legacy(value => Huge(value, long.MaxValue), ("0", long.MaxValue, _storage)), "storage '0'", "need 36893488147419103228 bytes" },
            { "too few bytes", PthFiles.Legacy(OneTensor, ("0", 4, _storage[..15])), "storage '0'", "need 16 bytes, but 15 follow" },
            { "too many bytes", PthFiles.Legacy(OneTensor, ("0", 4, [.. _storage, 0])), "byte ", "1 bytes follow the last storage" },
            { "no count", [.. PthFiles.Magic(), .. version, .. system, .. _value, .. keys, .. count[..7]], "storage '0'", "are needed, but the file has" },
        };
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Open_HostileFile_IsRefused(string name, byte[] file, string place, string reason) =>
        HostileFile.AssertRefused(_folder.Write($"{name.Replace(' ', '-')}.pth", file), place, reason);

    [Fact]
    public void Open_EveryTruncation_IsRefused()
    {
        var file = PthFiles.Legacy(OneTensor, ("0", 4, _storage));
        for (var length = 0; length < file.Length; length++)
            Assert.False(HostileFile.OpensOrIsRefused(_folder.Write("x.pth", file[..length])), $"A file cut to {length} of {file.Length} bytes was taken for a whole one.");
        Assert.True(HostileFile.OpensOrIsRefused(_folder.Write("x.pth", file)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("GIF89a")]
    [InlineData("<html><body>404 Not Found</body></html>")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 375042383\n")]
    public void Open_NoCheckpoint_SaysWhatItBeginsWith(string text)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
        HostileFile.AssertRefused(_folder.Write("x.pth", bytes), "start of the file", Convert.ToHexString(bytes.AsSpan(0, Math.Min(16, bytes.Length))));
    }

    private static void OneTensor(PickleWriter value) => Huge(value, 4);

    private static void Huge(PickleWriter value, long count) => value.Dict(items => items.Text("x").Tensor("FloatStorage", "0", count, 0, [4], [1]));
}
