using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training.Data;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Data;

public sealed class LabelStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TensorCache _cache;

    public LabelStoreTests() => _cache = new TensorCache(_folder.Root);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(255, 1)]
    [InlineData(65535, 2)]
    public void Read_WhatWasWritten_IsTheSame(int voidId, int bytesAPixel)
    {
        var store = new LabelStore(_cache, voidId, reuse: true);
        var map = new LabelMap(30, 50);
        for (var i = 0; i < map.Ids.Length; i++)
            map.Ids[i] = (ushort)(i * 43 % (voidId + 1));

        var sample = Sample(map, store.Write(map));

        Assert.Equal(map.Ids, store.Read(sample).Ids);
        Assert.InRange(new FileInfo(_cache.PathOf(sample.Label)).Length, bytesAPixel * 1500, bytesAPixel * 1500 + 500);
    }

    [Fact]
    public void Write_DamagedEntry_IsReplaced()
    {
        var store = new LabelStore(_cache, 255, reuse: true);
        var map = TinyScenes.Make(1).Label;
        var path = _cache.PathOf(store.Write(map));
        var sound = File.ReadAllBytes(path);
        var damaged = (byte[])sound.Clone();
        damaged[^1] ^= 1;
        File.WriteAllBytes(path, damaged);

        store.Write(map);

        Assert.Equal(sound, File.ReadAllBytes(path));
    }

    [Fact]
    public void Read_EntryThatIsGoneOrDamaged_NamesFileAndSample()
    {
        var store = new LabelStore(_cache, 255, reuse: true);
        var map = TinyScenes.Make(1).Label;
        var sample = Sample(map, store.Write(map));
        var path = _cache.PathOf(sample.Label);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);

        var damaged = Assert.Throws<IOException>(() => store.Read(sample));
        File.Delete(path);
        var gone = Assert.Throws<IOException>(() => store.Read(sample));

        Assert.All([damaged, gone], error => Assert.Contains($"'{path}' of sample 'it'", error.Message, StringComparison.Ordinal));
        Assert.Contains("damaged", damaged.Message, StringComparison.Ordinal);
        Assert.Contains("gone", gone.Message, StringComparison.Ordinal);
    }

    private static StoredSample Sample(LabelMap map, CacheKey key) =>
        new("it", default, key, ImageGeometry.Of(map.Height, map.Width, 64, Preprocessing.Sam));
}
