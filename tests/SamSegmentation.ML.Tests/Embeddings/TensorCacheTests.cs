using SamSegmentation.ML.Embeddings;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Embeddings;

public sealed class TensorCacheTests : IDisposable
{
    private static readonly CacheKey s_key = KeyOf("one");
    private readonly TestFolder _folder = new();
    private readonly TensorCache _cache;

    public TensorCacheTests() => _cache = new TensorCache(_folder.Root);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Byte)]
    public void Read_AfterWrite_GivesTheSameTensor(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var tensor = arange(24).reshape(2, 3, 4).to(dtype);

        _cache.Write(s_key, tensor);
        var found = _cache.Read(s_key, dtype, [2, 3, 4]);

        Assert.Null(found.Damage);
        Assert.Equal(tensor.bytes.ToArray(), found.Tensor!.bytes.ToArray());
        Assert.Equal(dtype, found.Tensor.dtype);
        found.Tensor.Dispose();
    }

    [Fact]
    public void Read_KeyNeverWritten_FindsNothing() => Assert.Equal(default, _cache.Read(s_key, ScalarType.Float32));

    [Fact]
    public void PathOf_AnyKey_LiesTwoFoldersDeep()
    {
        var path = Path.GetRelativePath(_folder.Root, _cache.PathOf(s_key));

        Assert.Equal(Path.Combine(s_key.Hex[..2], s_key.Hex[2..4], $"{s_key.Hex}.safetensors"), path);
    }

    [Fact]
    public void Read_EachByteChangedInTurn_NeverGivesAChangedTensor()
    {
        using var scope = NewDisposeScope();
        var tensor = arange(6).to(ScalarType.Float32);
        _cache.Write(s_key, tensor);
        var path = _cache.PathOf(s_key);
        var sound = File.ReadAllBytes(path);
        var damaged = 0;

        for (var i = 0; i < sound.Length; i++)
        {
            var bytes = (byte[])sound.Clone();
            bytes[i] ^= 1;
            File.WriteAllBytes(path, bytes);
            var found = _cache.Read(s_key, ScalarType.Float32, [6]);
            if (found.Damage is null)
                Assert.Equal(tensor.bytes.ToArray(), found.Tensor!.bytes.ToArray());
            else
                damaged++;
            Assert.Equal(found.Damage is null, found.Tensor is not null);
            found.Tensor?.Dispose();
        }

        // The padding of the header is all that may change unnoticed.
        Assert.InRange(damaged, sound.Length - 8, sound.Length);
    }

    [Fact]
    public void Read_EachTruncation_IsDamage()
    {
        using var scope = NewDisposeScope();
        _cache.Write(s_key, arange(6).to(ScalarType.Float32));
        var path = _cache.PathOf(s_key);
        var sound = File.ReadAllBytes(path);

        for (var length = 0; length < sound.Length; length++)
        {
            File.WriteAllBytes(path, sound[..length]);
            var found = _cache.Read(s_key, ScalarType.Float32, [6]);
            Assert.Null(found.Tensor);
            Assert.NotNull(found.Damage);
        }
    }

    [Fact]
    public void Read_EntryOfAnotherKey_IsDamage()
    {
        using var scope = NewDisposeScope();
        var other = KeyOf("other");
        _cache.Write(s_key, ones(3));
        Directory.CreateDirectory(Path.GetDirectoryName(_cache.PathOf(other))!);
        File.Copy(_cache.PathOf(s_key), _cache.PathOf(other));

        Assert.Contains(s_key.Hex, _cache.Read(other, ScalarType.Float32).Damage);
    }

    [Fact]
    public void Read_OtherShapeOrDType_IsDamage()
    {
        using var scope = NewDisposeScope();
        _cache.Write(s_key, ones(3));

        Assert.Contains("[3], expected [4]", _cache.Read(s_key, ScalarType.Float32, [4]).Damage);
        Assert.Contains("expected Float16", _cache.Read(s_key, ScalarType.Float16, [3]).Damage);
    }

    private static CacheKey KeyOf(string text)
    {
        using var builder = new CacheKeyBuilder(text);
        return builder.Build();
    }
}
