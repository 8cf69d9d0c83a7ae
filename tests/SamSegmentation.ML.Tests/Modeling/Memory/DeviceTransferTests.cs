using SamSegmentation.ML.Modeling.Memory;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling.Memory;

[Collection(LiveTensors.Alone)]
public sealed class DeviceTransferTests
{
    [Theory]
    [MemberData(nameof(Devices.AtHand), MemberType = typeof(Devices))]
    public void ToDevice_ValuesOfAnyType_AreThereAsTheyWere(string name)
    {
        using var scope = NewDisposeScope();
        var to = device(name);
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float16, ScalarType.Byte, ScalarType.Int16, ScalarType.Int64, ScalarType.Float64 })
        {
            var host = arange(24).reshape(2, 3, 4).to(type);

            var there = DeviceTransfer.ToDevice(host, to);

            Assert.Equal((to.type, type), (there.device.type, there.dtype));
            Assert.Equal(host.shape, there.shape);
            Assert.True(there.cpu().eq(host).all().ToBoolean());
        }
    }

    [Theory]
    [MemberData(nameof(Devices.AtHand), MemberType = typeof(Devices))]
    public void ToDevice_PartOfAStagedBatch_IsThatPartAndSurvivesTheBatch(string name)
    {
        var before = LiveTensors.Count();
        using (NewDisposeScope())
        {
            var to = device(name);
            Tensor there;
            using (var staged = DeviceTransfer.Staged(arange(1 << 20).reshape(1 << 10, 1 << 10), to))
            {
                Assert.Equal(to.type == DeviceType.CUDA, staged.is_pinned());
                using var part = staged.narrow(0, 512, 512);
                there = DeviceTransfer.ToDevice(part, to);
            }

            Assert.Equal(1L << 19, there.min().ToInt64());
            Assert.Equal((1L << 20) - 1, there.max().ToInt64());
        }
        Assert.Equal(before, LiveTensors.Count());
    }

    [Fact]
    public unsafe void ToDevice_OnTheCpu_CopiesNothing()
    {
        using var host = ones(5);

        using var staged = DeviceTransfer.Staged(host.alias(), CPU);
        using var there = DeviceTransfer.ToDevice(staged, CPU);

        fixed (byte* from = host.bytes, to = there.bytes)
            Assert.True(from == to);
    }
}
