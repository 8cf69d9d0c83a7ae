using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training.Losses;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Losses;

public sealed class LabelTensorTests
{
    private static readonly ushort[] s_narrow = [0, 1, 20, 254, 255, 0];
    private static readonly ushort[] s_wide = [0, 255, 256, 32767, 32768, 65535];

    [Theory]
    [MemberData(nameof(Devices.AtHand), MemberType = typeof(Devices))]
    public void Of_AnyIds_HoldsEach(string name)
    {
        using var scope = NewDisposeScope();
        foreach (var ids in new[] { s_narrow, s_wide })
        {
            var found = LabelTensor.Of(new LabelMap(2, 3, ids), device(name));

            Assert.Equal((ScalarType.Int64, device(name).type), (found.dtype, found.device.type));
            Assert.Equal([1L, 2, 3], found.shape);
            Assert.Equal(Array.ConvertAll(ids, id => (long)id), found.cpu().data<long>().ToArray());
        }
    }
}
