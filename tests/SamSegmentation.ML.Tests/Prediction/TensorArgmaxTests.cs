using SamSegmentation.ML.Prediction;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Prediction;

public sealed class TensorArgmaxTests
{
    [Theory]
    [MemberData(nameof(Devices.AtHand), MemberType = typeof(Devices))]
    public void Of_LogitsWithTies_GivesTheFirstOfTheHighestOnAnyDevice(string name)
    {
        using var scope = NewDisposeScope();
        foreach (var classes in new[] { 1, 3, 300 })
        {
            // Whole numbers, so that many are equal.
            var logits = (randn(1, classes, 17, 23) * 2).round();
            var values = logits.data<float>().ToArray();
            var expected = new ushort[17 * 23];
            for (var i = 0; i < expected.Length; i++)
            {
                for (var c = 1; c < classes; c++)
                {
                    if (values[c * expected.Length + i] > values[expected[i] * expected.Length + i])
                        expected[i] = (ushort)c;
                }
            }

            Assert.Equal(expected, TensorArgmax.Of(logits.to(device(name))));
            Assert.Equal(expected, TensorArgmax.FoundThere(logits.to(device(name))));
        }
    }
}
