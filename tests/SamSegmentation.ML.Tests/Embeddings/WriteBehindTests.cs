using SamSegmentation.ML.Embeddings;
using Xunit;

namespace SamSegmentation.ML.Tests.Embeddings;

public sealed class WriteBehindTests
{
    [Fact]
    public void Complete_ManyItems_AllAreWrittenInOrder()
    {
        var written = new List<int>();
        using var writer = new WriteBehind<int>(written.Add, capacity: 2);

        for (var i = 0; i < 100; i++)
            writer.Add(i);
        writer.Complete();

        Assert.Equal(Enumerable.Range(0, 100), written);
    }

    [Fact]
    public void Complete_ItemFailed_ThrowsItsError()
    {
        using var writer = new WriteBehind<int>(item => throw new IOException($"item {item}"), capacity: 2);
        writer.Add(7);

        Assert.Equal("item 7", Assert.Throws<IOException>(writer.Complete).Message);
    }

    [Fact]
    public void Dispose_WithoutComplete_WritesWhatWasAdded()
    {
        var written = new List<int>();
        using (var writer = new WriteBehind<int>(written.Add, capacity: 10))
        {
            writer.Add(1);
            writer.Add(2);
        }

        Assert.Equal([1, 2], written);
    }
}
