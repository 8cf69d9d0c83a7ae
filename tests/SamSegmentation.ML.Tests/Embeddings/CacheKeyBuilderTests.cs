using SamSegmentation.ML.Embeddings;
using Xunit;

namespace SamSegmentation.ML.Tests.Embeddings;

public sealed class CacheKeyBuilderTests
{
    [Fact]
    public void Build_SameFields_SameKey() =>
        Assert.Equal(Key(builder => builder.Add("a", "b").Add("n", 1, 2)), Key(builder => builder.Add("a", "b").Add("n", 1, 2)));

    [Fact]
    public void Build_FieldsThatJoinToTheSameText_DifferentKeys()
    {
        CacheKey[] keys =
        [
            Key(builder => builder.Add("a", "bc")),
            Key(builder => builder.Add("ab", "c")),
            Key(builder => builder.Add("a", "b").Add("c", "")),
            Key(builder => builder.Add("a", "b").Add("", "c")),
            Key(builder => builder.Add("n", 1, 2)),
            Key(builder => builder.Add("n", 1).Add("n", 2)),
            Key(builder => builder.Add("n", 2, 1)),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^[0-9a-f]{64}$", key.Hex));
    }

    private static CacheKey Key(Action<CacheKeyBuilder> add)
    {
        using var builder = new CacheKeyBuilder("test");
        add(builder);
        return builder.Build();
    }
}
