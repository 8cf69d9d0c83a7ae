using SamSegmentation.ML.IO;
using Xunit;

namespace SamSegmentation.ML.Tests.IO;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_MissingFolders_AreMade()
    {
        string path = Path.Combine(_folder.Root, "a", "b", "file.bin");

        AtomicFile.Write(path, [1, 2, 3]);

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Write_ExistingFile_IsReplaced()
    {
        string path = _folder.Write("file.txt", [9, 9, 9, 9, 9]);

        AtomicFile.Write(path, "läuft");

        Assert.Equal("läuft"u8.ToArray(), File.ReadAllBytes(path));
    }

    [Fact]
    public void Write_FailureHalfWay_LeavesOldContentAndNothingElse()
    {
        string path = _folder.Write("file.bin", [7]);

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write([1, 2, 3]);
            throw new InvalidOperationException("disk on fire");
        }));

        Assert.Equal([7], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_UntilItIsDone_TargetHoldsTheOldContent()
    {
        // What a process leaves that is killed at any of these moments.
        string path = _folder.Write("file.bin", [7]);

        AtomicFile.Write(path, stream =>
        {
            Assert.Equal([7], File.ReadAllBytes(path));
            stream.Write(new byte[1 << 20]);
            stream.Flush();
            Assert.Equal([7], File.ReadAllBytes(path));
            Assert.Equal(2, Directory.GetFiles(_folder.Root).Length);
        });

        Assert.Equal(1 << 20, new FileInfo(path).Length);
    }

    [Fact]
    public void Write_ToOnePathFromSeveralThreads_LeavesOneWholeContent()
    {
        string path = Path.Combine(_folder.Root, "file.bin");

        Parallel.For(0, 20, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            AtomicFile.Write(path, [.. Enumerable.Repeat((byte)i, 100_000 + i)]));

        byte[] content = File.ReadAllBytes(path);
        Assert.Equal(100_000 + content[0], content.Length);
        Assert.All(content, value => Assert.Equal(content[0], value));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_TargetIsFolder_ThrowsAndLeavesNothing()
    {
        string path = Path.Combine(_folder.Root, "taken");
        Directory.CreateDirectory(path);

        Assert.ThrowsAny<SystemException>(() => AtomicFile.Write(path, [1]));

        Assert.Empty(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_LongestFileName_IsWritten()
    {
        string path = Path.Combine(_folder.Root, new string('n', 255));

        AtomicFile.Write(path, [1]);

        Assert.Equal([1], File.ReadAllBytes(path));
    }

    [Fact]
    public void Write_Seeking_IsPossible()
    {
        string path = Path.Combine(_folder.Root, "file.bin");

        AtomicFile.Write(path, stream =>
        {
            stream.Write([0, 2]);
            stream.Position = 0;
            stream.WriteByte(1);
        });

        Assert.Equal([1, 2], File.ReadAllBytes(path));
    }
}
