using SamSegmentation.Cli.Commands;

namespace SamSegmentation.Cli.Tests.Commands;

/// <summary>One run of the program within the test's process.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">What it wrote as results and progress.</param>
/// <param name="Error">What it wrote as errors and warnings.</param>
internal sealed record SamSeg(int Code, string Output, string Error)
{
    public static Task<SamSeg> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    public static async Task<SamSeg> RunAsync(CancellationToken cancellation, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await SamSegCommandLine.RunAsync(args, CommandOutput.Plain(output, error), cancellation);
        return new SamSeg(code, output.ToString(), error.ToString());
    }
}
