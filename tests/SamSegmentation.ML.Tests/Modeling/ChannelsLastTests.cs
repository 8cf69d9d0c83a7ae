using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling;

/// <summary>Layouts change speed, not results: what a GPU is given is given to the CPU here too.</summary>
public sealed class ChannelsLastTests
{
    [Fact]
    public void Of_AMap_HoldsTheSameWithTheChannelsSideBySide()
    {
        using var scope = NewDisposeScope();
        var map = randn(2, 3, 4, 5);

        var last = ChannelsLast.Of(map);

        Assert.Equal(map.shape, last.shape);
        Assert.True(last.eq(map).all().ToBoolean());
        Assert.True(last.permute(0, 2, 3, 1).is_contiguous());
        Assert.False(map.permute(0, 2, 3, 1).is_contiguous());
    }

    [Theory]
    [MemberData(nameof(Devices.AtHand), MemberType = typeof(Devices))]
    public void OnGpu_ADevice_ChangesTheLayoutOnAGpuAlone(string name)
    {
        using var scope = NewDisposeScope();
        var map = randn(2, 3, 4, 5).to(device(name));

        Assert.Equal(map.device.type != DeviceType.CPU, ChannelsLast.OnGpu(map).permute(0, 2, 3, 1).is_contiguous());
    }

    public static TheoryData<string, string> Modules
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var module in new[] { "patches", "aspp", "pyramid", "block" })
            {
                foreach (var row in Devices.AtHand)
                    data.Add(module, row.Data);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void Forward_EitherLayoutOnAnyDevice_GivesTheSameValuesAndGradients(string kind, string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using nn.Module<Tensor, Tensor> module = kind switch
        {
            "patches" => new PatchEmbed(4, 10),
            "aspp" => new AsppHead(channels: 8, grid: 8, width: 6, classes: 3),
            "pyramid" => new PyramidPoolingHead(channels: 8, width: 6, classes: 3),
            _ => new ConvolutionBlock(8, 6, 3),
        };
        // Two images alone would leave the pyramid's coarsest norm two numbers, whose way back amplifies rounding.
        var map = randn(16, kind == "patches" ? 3 : 8, 8, 8);
        var (expected, expectedGradient) = Run(map);
        module.to(device(name));

        foreach (var layout in new[] { map, ChannelsLast.Of(map) })
        {
            var (found, gradient) = Run(layout.to(device(name)));
            // A GPU's convolutions may round to 10 bits.
            var tolerance = device(name).type == DeviceType.CPU ? 1e-5 : 1e-2;
            Assert.InRange((found - expected).abs().max().ToDouble(), 0, tolerance);
            Assert.InRange((gradient - expectedGradient).abs().max().ToDouble(), 0, tolerance * Math.Max(1, expectedGradient.abs().max().ToDouble()));
        }

        (Tensor, Tensor) Run(Tensor input)
        {
            var leaf = input.detach().requires_grad_();
            var output = module.forward(leaf);
            return (output.detach().cpu(), autograd.grad([output.pow(2).sum()], [leaf])[0].cpu());
        }
    }
}
