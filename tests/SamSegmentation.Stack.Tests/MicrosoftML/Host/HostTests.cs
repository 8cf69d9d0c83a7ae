using Microsoft.ML;
using Microsoft.ML.Runtime;
using SamSegmentation.Stack.Tests.MicrosoftML.Views;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Host;

/// <summary>The context's settings and random numbers, as components get them.</summary>
public sealed class HostTests
{
    [Fact]
    public void Rand_OfASeededContext_IsTheSameEverywhere()
    {
        IHostEnvironment ml = new MLContext(seed: 1);

        var first = ml.Register("A").Rand;
        var second = ml.Register("A").Rand;

        Assert.Equal("1752537088 2003630147 141159296", string.Join(" ", Enumerable.Range(0, 3).Select(_ => first.Next())));
        Assert.Equal("18 67 42 59 27", string.Join(" ", Enumerable.Range(0, 5).Select(_ => second.Next(100))));
        Assert.Equal("4 4 0", string.Join(" ", Enumerable.Range(0, 3).Select(_ => second.Next(-5, 5))));
        Assert.Equal(0.2188152417074889, second.NextDouble());
        var bytes = new byte[4];
        second.NextBytes(bytes);
        Assert.Equal("15C743F5", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Rand_OfARegistrationWithASeed_IsTheSeeds()
    {
        IHostEnvironment one = new MLContext(seed: 1);
        IHostEnvironment other = new MLContext();

        Assert.Equal(one.Register("A", seed: 5).Rand.Next(), other.Register("B", seed: 5).Rand.Next());
        Assert.NotEqual(one.Register("A", seed: 5).Rand.Next(), other.Register("B", seed: 6).Rand.Next());
    }

    [Fact]
    public void Rand_OfAContextWithoutSeed_IsNeverTheSame()
    {
        static int[] Draw() => [.. Enumerable.Range(0, 4).Select(_ => ((IHostEnvironment)new MLContext()).Register("A").Rand.Next())];

        Assert.NotEqual(Draw(), Draw());
    }

    [Theory]
    [InlineData("load", 185)]
    [InlineData("take", 386)]
    [InlineData("filter", 386)]
    [InlineData("cache", 386)]
    [InlineData("shuffle", 386)]
    [InlineData("split", 42)]
    [InlineData("copy", 225)]
    [InlineData("concatenate", 386)]
    [InlineData("select", 225)]
    [InlineData("enumerate", 386)]
    public void Rand_AfterOtherComponents_IsTheSameEverywhere(string component, int expected)
    {
        var ml = new MLContext(seed: 1);
        var data = Numbers.Load(ml, 5);
        _ = component switch
        {
            "take" => ml.Data.TakeRows(data, 1),
            "filter" => ml.Data.FilterRowsByColumn(data, "Single", 0, 1),
            "cache" => ml.Data.Cache(data),
            "shuffle" => ml.Data.ShuffleRows(data),
            "split" => ml.Data.TrainTestSplit(data).TestSet,
            "copy" => ml.Transforms.CopyColumns("A", "Single").Fit(data).Transform(data),
            "concatenate" => ml.Transforms.Concatenate("A", "Single").Fit(data).Transform(data),
            "select" => ml.Transforms.SelectColumns("Single").Fit(data).Transform(data),
            "enumerate" => ml.Data.CreateEnumerable<Numbers>(data, reuseRowObject: false).Count(),
            _ => (object)data,
        };

        Assert.Equal(expected, ((IHostEnvironment)ml).Register("A").Rand.Next(1000));
    }

    [Fact]
    public void Context_Settings_HaveTheirDefaults()
    {
        var ml = new MLContext();

        Assert.Null(ml.GpuDeviceId);
        Assert.False(ml.FallbackToCpu);
        Assert.Equal(Path.GetTempPath(), ml.TempFilePath);
        Assert.NotNull(ml.ComponentCatalog);
    }

    [Fact]
    public void ComponentCatalog_IsOnePerContext()
    {
        IHostEnvironment ml = new MLContext();

        Assert.Same(ml.ComponentCatalog, ml.Register("A").ComponentCatalog);
        Assert.Same(ml.ComponentCatalog, ((MLContext)ml).ComponentCatalog);
        Assert.NotSame(ml.ComponentCatalog, new MLContext().ComponentCatalog);
    }

    [Fact]
    public void RegisterAssembly_WithoutLoadableClasses_DoesNothing()
    {
        var catalog = new MLContext().ComponentCatalog;

        catalog.RegisterAssembly(typeof(HostTests).Assembly);
        catalog.RegisterAssembly(typeof(HostTests).Assembly);
    }
}
