using System.Buffers.Binary;
using SamSegmentation.ML.Tests.Checkpoints.Files;
using Xunit;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>
/// Files that differ from a sound one at random places. Each opens or is refused; no other error comes, and nothing
/// that would not end. The seed is fixed, so a failure comes again.
/// </summary>
public sealed class CheckpointFuzzTests : IDisposable
{
    private const int Mutations = 800;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, byte[]> SmallFiles()
    {
        byte[] floats = PthFiles.Storage(1f, 2, 3, 4), longs = PthFiles.Storage(5L, 6);
        var header = """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"I64","shape":[2],"data_offsets":[16,32]}}"""u8;
        return new()
        {
            { "zip", PthFiles.Zip(State, ("0", floats), ("1", longs)) },
            { "zip64", new ZipWriter { Zip64 = true }.Build(PthFiles.Parts(PthFiles.Pickle(State), ("0", floats), ("1", longs))) },
            { "legacy", PthFiles.Legacy(State, ("0", 4, floats), ("1", 2, longs)) },
            { "safetensors", [.. BitConverter.GetBytes((long)header.Length), .. header, .. floats, .. longs] },
        };
    }

    [Theory]
    [MemberData(nameof(SmallFiles))]
    public void Open_MutatedSmallFile_OpensOrIsRefused(string name, byte[] sound)
    {
        var random = new Random(20251);
        var path = _folder.PathOf(name);
        File.WriteAllBytes(path, sound);
        Assert.True(HostileFile.OpensOrIsRefused(path));
        var refused = 0;
        for (var round = 0; round < Mutations; round++)
        {
            File.WriteAllBytes(path, Mutate(sound, random));
            refused += HostileFile.OpensOrIsRefused(path) ? 0 : 1;
        }
        // Both happen: bytes of a tensor or a name may change, structure may not.
        Assert.InRange(refused, Mutations / 4, Mutations - 1);
    }

    [Theory]
    [InlineData("mini.sam.pth", true)]
    [InlineData("mini.sam.mixed16.pth", true)]
    [InlineData("mini.sam.legacy.pth", false)]
    [InlineData("mini.safetensors", false)]
    public void Open_MutatedGoldenFile_OpensOrIsRefused(string name, bool atTheEnd)
    {
        var random = new Random(20252);
        var sound = File.ReadAllBytes(GoldenFile.Path(name));
        // The pickle or header at the beginning, the zip directory at the end.
        (int Start, int Length)[] ranges = atTheEnd ? [(0, 30_000), (sound.Length - 20_000, 20_000)] : [(0, 30_000)];
        var path = _folder.PathOf(name);
        File.WriteAllBytes(path, sound);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        Span<byte> changed = stackalloc byte[8];
        var refused = 0;
        for (var round = 0; round < 150; round++)
        {
            var (start, length) = ranges[round % ranges.Length];
            var at = start + random.Next(length - 8);
            sound.AsSpan(at, 8).CopyTo(changed);
            Garble(changed, random);
            Put(file, at, changed);
            refused += HostileFile.OpensOrIsRefused(path) ? 0 : 1;
            Put(file, at, sound.AsSpan(at, 8));
        }
        Assert.InRange(refused, 1, 150);
    }

    [Theory]
    [InlineData("mini.sam.pth")]
    [InlineData("mini.sam.legacy.pth")]
    [InlineData("mini.seed-model.pth")]
    [InlineData("mini.safetensors")]
    public void Open_CutGoldenFile_IsRefused(string name)
    {
        var random = new Random(20253);
        var path = _folder.PathOf(name);
        File.Copy(GoldenFile.Path(name), path);
        File.SetAttributes(path, FileAttributes.Normal);
        var length = new FileInfo(path).Length;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        // Longest first, since a file can only be cut once at each place.
        foreach (var cut in Enumerable.Range(0, 60).Select(_ => random.NextInt64(length)).Append(length - 1).Order().Reverse())
        {
            file.SetLength(cut);
            Assert.False(HostileFile.OpensOrIsRefused(path), $"{name} cut to {cut} of {length} bytes was taken for a whole one.");
        }
    }

    private static void State(PickleWriter value) => value.Dict(items => items
        .Text("model").OrderedDict(state => state
            .Text("a").Tensor("FloatStorage", "0", 4, 0, [2, 2], [1, 2]).Put(1)
            .Text("b").Tensor("LongStorage", "1", 2, 1, [1], [1])
            .Text("c").Call("torch._utils", "_rebuild_parameter", arguments => arguments.Get(1).Bool(true).OrderedDict(_ => { })))
        .Text("epoch").Int(70_000)
        .Text("rates").List(list => list.Double(0.5).None().Long(1L << 40)));

    private static byte[] Mutate(byte[] sound, Random random)
    {
        var bytes = sound.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    // A piece of the file once more at another place.
                    var from = random.Next(bytes.Count);
                    bytes.InsertRange(at, bytes.GetRange(from, Math.Min(random.Next(1, 20), bytes.Count - from)));
                    break;
                default:
                    var number = new byte[8];
                    Garble(number, random);
                    for (var i = 0; i < 8 && at + i < bytes.Count; i++)
                        bytes[at + i] = number[i];
                    break;
            }
        }
        return [.. bytes];
    }

    // The numbers that make arithmetic overflow are rare among random ones.
    private static void Garble(Span<byte> bytes, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                random.NextBytes(bytes);
                break;
            case 1:
                BinaryPrimitives.WriteInt64LittleEndian(bytes, long.MaxValue - random.Next(3));
                break;
            case 2:
                bytes[..4].Fill(0xff);
                break;
            default:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                break;
        }
    }

    private static void Put(FileStream file, int at, ReadOnlySpan<byte> bytes)
    {
        file.Position = at;
        file.Write(bytes);
        file.Flush();
    }
}
