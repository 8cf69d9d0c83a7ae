using System.Globalization;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Golden;

/// <summary>
/// Every case of the golden folder, quantity by quantity: our network computes what the reference does, within the
/// tolerances that golden/README.md states.
/// </summary>
public sealed class GoldenCaseTests(GoldenRuns runs, ITestOutputHelper log) : IClassFixture<GoldenRuns>
{
    // The share of pixels whose class must be the reference's.
    private const double EqualShare = 0.999;

    public static IEnumerable<ITheoryDataRow> Quantities()
    {
        if (GoldenRuns.Cases.Count == 0)
            yield return new TheoryDataRow<string, string>("none", "none") { Skip = GoldenRuns.ReasonForNone };
        foreach (var name in GoldenRuns.Cases)
        {
            using var golden = new GoldenCase(GoldenRuns.PathOf(name));
            foreach (var quantity in golden.Quantities)
                yield return new TheoryDataRow<string, string>(name, quantity);
        }
    }

    [Theory]
    [MemberData(nameof(Quantities), DisableDiscoveryEnumeration = true)]
    public void Compute_Quantity_EqualsTheReference(string name, string quantity)
    {
        using var scope = NewDisposeScope();
        var run = runs.Of(name);
        var actual = run.Case.Sample(quantity, run.Output(quantity));
        var expected = run.Case.Expected(quantity);
        Assert.Equal(expected.shape, actual.shape);

        if (quantity == "class_id")
        {
            var equal = actual.to(ScalarType.Int64).eq(expected.to(ScalarType.Int64)).to(ScalarType.Float64).mean().item<double>();
            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {quantity}: {equal:P4} of the pixels equal"));
            Assert.True(equal >= EqualShare, string.Create(CultureInfo.InvariantCulture, $"{name} {quantity}: only {equal:P4} of the pixels are equal; {EqualShare:P1} must be."));
            return;
        }

        var (error, tolerance) = (GoldenError.Relative(actual, expected), run.Case.ToleranceOf(quantity));
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {quantity}: relative error {error:0.0e+0}, tolerance {tolerance:0e+0}{run.RemarkOn(quantity)}"));
        // Written so that NaN fails too.
        Assert.True(error <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{name} {quantity}: the relative error is {error:0.00e+0}; {tolerance:0e+0} is allowed."));
    }
}
