using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests;

/// <summary>The devices that this machine has: what is tested on each of them runs on a GPU where there is one.</summary>
public static class Devices
{
    /// <summary>Their names.</summary>
    public static TheoryData<string> AtHand => cuda.is_available() ? ["cpu", "cuda:0"] : ["cpu"];
}
