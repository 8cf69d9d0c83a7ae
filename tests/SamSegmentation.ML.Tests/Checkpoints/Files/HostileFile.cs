using SamSegmentation.ML.Checkpoints;
using Xunit;

namespace SamSegmentation.ML.Tests.Checkpoints.Files;

/// <summary>Opens files that must be refused, and watches what that costs.</summary>
internal static class HostileFile
{
    // What a refusal takes whatever the file: buffers of 64 KiB, the error and its stack trace.
    private const int Fixed = 1 << 20;

    // Bytes that one byte of a pickle can cost: an instruction of one byte that makes a small object, on a growing stack.
    private const int PerByte = 100;

    /// <summary>Checks that a file is refused as one, at a place and for a reason, without memory that its size does not warrant.</summary>
    public static void AssertRefused(string path, string place, string reason)
    {
        var length = new FileInfo(path).Length;
        // The first refusal of a process loads code.
        _ = Record.Exception(() => Checkpoint.Open(path));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Record.Exception(() =>
        {
            using var checkpoint = Checkpoint.Open(path);
        });
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        var refusal = Assert.IsType<CheckpointFormatException>(error);
        Assert.Equal(path, refusal.Path);
        Assert.Contains(place, refusal.Place);
        Assert.Contains(reason, refusal.Reason);
        Assert.Contains(path, refusal.Message);
        Assert.Contains(refusal.Place, refusal.Message);
        Assert.Contains(refusal.Reason, refusal.Message);
        Assert.InRange(refusal.Message.Length, 1, path.Length + 2100);
        Assert.True(allocated <= Fixed + PerByte * length, $"{allocated} bytes were allocated for a file of {length}.");
    }

    /// <summary>Opens a file that may be anything, and reads what it holds. Only one kind of error may come.</summary>
    public static bool OpensOrIsRefused(string path)
    {
        var error = Record.Exception(() =>
        {
            using var checkpoint = Checkpoint.Open(path);
            foreach (var name in checkpoint.Entries.Keys.Take(3))
                checkpoint.Read(name).Dispose();
        });
        if (error is null)
            return true;
        Assert.Equal(path, Assert.IsType<CheckpointFormatException>(error).Path);
        return false;
    }
}
