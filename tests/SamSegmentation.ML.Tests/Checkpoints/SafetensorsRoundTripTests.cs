using SamSegmentation.ML.Checkpoints;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

public sealed class SafetensorsRoundTripTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Write_EveryDType_IsReadBackEqual(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var tensor = arange(6, dtype: ScalarType.Int64).reshape(2, 3).to_type(dtype);
        var path = _folder.PathOf("one.safetensors");

        SafetensorsFile.Write(path, [KeyValuePair.Create("x", tensor)]);

        using var checkpoint = Checkpoint.Open(path);
        Assert.Equal(CheckpointFormat.Safetensors, checkpoint.Format);
        var entry = checkpoint.Entries["x"];
        Assert.Equal(dtype, entry.DType);
        Assert.Equal([2L, 3L], entry.Shape);
        using var read = checkpoint.Read("x");
        Assert.Equal(dtype, read.dtype);
        Assert.Equal([2L, 3L], read.shape);
        Assert.Equal(tensor.bytes.ToArray(), read.bytes.ToArray());
    }

    [Fact]
    public void Write_ScalarEmptyStridedAndMetadata_AreReadBack()
    {
        using var scope = NewDisposeScope();
        var matrix = arange(12, dtype: ScalarType.Float32).reshape(3, 4);
        var path = _folder.PathOf("many.safetensors");

        SafetensorsFile.Write(
            path,
            [
                KeyValuePair.Create("scalar", tensor(7.5f)),
                KeyValuePair.Create("empty", zeros(0, 5)),
                KeyValuePair.Create("transposed", matrix.t()),
                KeyValuePair.Create("größe \"x\"", matrix),
            ],
            new Dictionary<string, string> { ["format"] = "1", ["name"] = "Wörter \n \"" });

        using var checkpoint = Checkpoint.Open(path);
        Assert.Equal("1", checkpoint.Metadata["format"]);
        Assert.Equal("Wörter \n \"", checkpoint.Metadata["name"]);
        Assert.Equal(2, checkpoint.Metadata.Count);
        Assert.Equal(4, checkpoint.Entries.Count);
        using var scalar = checkpoint.Read("scalar");
        Assert.Empty(scalar.shape);
        Assert.Equal(7.5f, scalar.item<float>());
        using var nothing = checkpoint.Read("empty");
        Assert.Equal([0L, 5L], nothing.shape);
        using var transposed = checkpoint.Read("transposed");
        Assert.Equal([4L, 3L], transposed.shape);
        Assert.Equal(new float[] { 0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11 }, transposed.data<float>().ToArray());
        using var plain = checkpoint.Read("größe \"x\"");
        Assert.Equal(matrix.bytes.ToArray(), plain.bytes.ToArray());
    }

    [Fact]
    public void Write_OddSizes_AlignsEveryTensorToItsElements()
    {
        using var scope = NewDisposeScope();
        var path = _folder.PathOf("x.safetensors");
        ScalarType[] dtypes =
        [
            ScalarType.Bool, ScalarType.Int8, ScalarType.Byte, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int16,
            ScalarType.Float32, ScalarType.Int32, ScalarType.Float64, ScalarType.Int64,
        ];

        SafetensorsFile.Write(path, dtypes.Select(dtype => KeyValuePair.Create($"{dtype}", ones(3, dtype: dtype))));

        var bytes = File.ReadAllBytes(path);
        var length = (int)BitConverter.ToInt64(bytes);
        var header = System.Text.Json.JsonDocument.Parse(bytes.AsMemory(8, length)).RootElement;
        foreach (var dtype in dtypes)
        {
            var begin = header.GetProperty($"{dtype}").GetProperty("data_offsets")[0].GetInt32();
            var end = header.GetProperty($"{dtype}").GetProperty("data_offsets")[1].GetInt32();
            Assert.Equal(0, (8 + length + begin) % ((end - begin) / 3));
        }
        using var checkpoint = Checkpoint.Open(path);
        Assert.Equal(dtypes.Length, checkpoint.Entries.Count);
    }

    [Fact]
    public void Write_LargerThanOnePiece_IsReadBackEqual()
    {
        using var scope = NewDisposeScope();
        var path = _folder.PathOf("x.safetensors");
        // More elements than are written and read at once.
        var large = (arange((1 << 24) + 5, dtype: ScalarType.Int64) % 251).to_type(ScalarType.Byte);

        SafetensorsFile.Write(path, [KeyValuePair.Create("x", large)]);

        using var checkpoint = Checkpoint.Open(path);
        Assert.True(large.bytes.SequenceEqual(checkpoint.Read("x").bytes));
    }

    [Fact]
    public void Write_NotANumberInfinityAndSubnormals_KeepTheirBits()
    {
        using var scope = NewDisposeScope();
        var path = _folder.PathOf("x.safetensors");
        int[] bits = [0x7fc00001, unchecked((int)0xffc12345), 0x7f800000, 1, unchecked((int)0x80000000)];
        var floats = tensor(bits.Select(BitConverter.Int32BitsToSingle).ToArray());

        SafetensorsFile.Write(path, [KeyValuePair.Create("x", floats)]);

        using var checkpoint = Checkpoint.Open(path);
        Assert.Equal(bits, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(checkpoint.Read("x").bytes).ToArray());
    }

    [Fact]
    public void Write_WhatTheFormatCannotHold_IsRefusedAndKeepsTheOldFile()
    {
        using var scope = NewDisposeScope();
        var path = _folder.Write("x.safetensors", [1, 2, 3]);
        // Not in an attribute, whose texts are stored as UTF-8.
        var half = $"half {(char)0xd800} a surrogate pair";

        Assert.Contains("'__metadata__'", Refuse("__metadata__", ones(2)).Message);
        Assert.Contains("surrogate", Refuse(half, ones(2)).Message);
        Assert.Contains("surrogate", Refuse("x", ones(2), (half, "v")).Message);
        Assert.Contains("surrogate", Refuse("x", ones(2), ("k", half)).Message);

        ArgumentException Refuse(string name, Tensor tensor, params (string Key, string Value)[] metadata) => Assert.Throws<ArgumentException>(() =>
            SafetensorsFile.Write(path, [KeyValuePair.Create(name, tensor)], metadata.ToDictionary(pair => pair.Key, pair => pair.Value)));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void Write_TensorThatRequiresGradients_IsWritten()
    {
        using var scope = NewDisposeScope();
        var path = _folder.PathOf("x.safetensors");

        SafetensorsFile.Write(path, [KeyValuePair.Create("x", ones(2, requires_grad: true))]);

        using var checkpoint = Checkpoint.Open(path);
        Assert.Equal([1f, 1f], checkpoint.Read("x").data<float>().ToArray());
    }

    [Fact]
    public void Read_SeveralThreads_GiveWhatOneGives()
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path("mini.sam.pth"));
        string[] names = [.. checkpoint.Entries.Keys];
        var expected = names.Select(Bytes).ToArray();

        var read = names.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(Bytes).ToArray();

        Assert.Equal(expected, read);

        byte[] Bytes(string name)
        {
            using var tensor = checkpoint.Read(name);
            return tensor.bytes.ToArray();
        }
    }

    [Fact]
    public void Write_SameTensorsInAnotherOrder_GivesTheSameBytes()
    {
        using var scope = NewDisposeScope();
        var a = KeyValuePair.Create("a", ones(3, dtype: ScalarType.Byte));
        var b = KeyValuePair.Create("b", ones(3, dtype: ScalarType.Float64));

        SafetensorsFile.Write(_folder.PathOf("ab"), [a, b]);
        SafetensorsFile.Write(_folder.PathOf("ba"), [b, a]);

        using var ab = Checkpoint.Open(_folder.PathOf("ab"));
        using var ba = Checkpoint.Open(_folder.PathOf("ba"));
        Assert.Equal(ab.Sha256(), ba.Sha256());
    }

    [Fact]
    public void Write_OverAnOldFile_LeavesOnlyTheNewOne()
    {
        using var scope = NewDisposeScope();
        var path = _folder.Write("x.safetensors", [1, 2, 3]);

        SafetensorsFile.Write(path, [KeyValuePair.Create("x", ones(2))]);

        Assert.Equal(["x.safetensors"], FilesInFolder());
        using var checkpoint = Checkpoint.Open(path);
        Assert.True(checkpoint.Entries.ContainsKey("x"));
    }

    [Fact]
    public void Write_WhenTheTensorsFail_KeepsTheOldFile()
    {
        using var scope = NewDisposeScope();
        var path = _folder.Write("x.safetensors", [1, 2, 3]);
        var tensor = ones(2);

        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [KeyValuePair.Create("x", tensor), KeyValuePair.Create("x", tensor)]));

        Assert.Equal(["x.safetensors"], FilesInFolder());
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void Sha256_OfAFile_IsItsDigest()
    {
        using var scope = NewDisposeScope();
        var path = _folder.PathOf("x.safetensors");
        SafetensorsFile.Write(path, [KeyValuePair.Create("x", ones(2))]);

        using var checkpoint = Checkpoint.Open(path);

        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))), checkpoint.Sha256());
    }

    private string[] FilesInFolder() => [.. Directory.GetFiles(_folder.Root).Select(file => Path.GetFileName(file))];
}
