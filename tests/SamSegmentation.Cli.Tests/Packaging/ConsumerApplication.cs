using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace SamSegmentation.Cli.Tests.Packaging;

/// <summary>
/// <c>nuget/consumer</c>, a fresh application, installed from packages and run: what <c>./run consumer</c> does, without asking any feed.
/// What the packages depend on comes from the cache that this build was restored into.
/// </summary>
/// <param name="packages">The folder of this repository's packages.</param>
/// <param name="folder">A folder of its own.</param>
internal sealed class ConsumerApplication(string packages, string folder)
{
    private static readonly string s_cache =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Installs and runs it.</summary>
    /// <param name="version">The packages' version.</param>
    /// <param name="torchSharp">TorchSharp's.</param>
    /// <param name="withStandIns">Whether assemblies of compat/ stand for the packages that the feed lacks.</param>
    public (int Code, string Output) Run(string version, string torchSharp, bool withStandIns)
    {
        var sources = packages;
        if (withStandIns)
        {
            var standIns = Directory.CreateDirectory(Path.Combine(folder, "stand-ins")).FullName;
            foreach (var nuspec in Directory.GetFiles(RepositoryFiles.PathOf("nuget/consumer/stand-ins"), "*.nuspec"))
                PackStandIn(nuspec, standIns);
            sources += "%3B" + standIns;
        }
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "run", "--project", RepositoryFiles.PathOf("nuget/consumer/Consumer.csproj"), "--configuration", "Release", "--verbosity", "quiet", "--disable-build-servers",
                $"-p:PackedVersion={version}", $"-p:TorchSharpVersion={torchSharp}", withStandIns ? "-p:StandIns=true" : "-p:StandIns=false",
                $"-p:RestoreSources={sources}", "-p:RestoreAdditionalProjectSources=", $"-p:RestoreFallbackFolders={s_cache}",
                $"-p:RestorePackagesPath={Path.Combine(folder, "cache")}", $"-p:ArtifactsPath={Path.Combine(folder, "build")}",
            ])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    // A package is a zip archive of its nuspec and its files; assemblies are those of this build.
    private static void PackStandIn(string nuspec, string target)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var text = File.ReadAllText(nuspec)
            .Replace("$built$", Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), StringComparison.Ordinal)
            .Replace("$onnx$", RepositoryFiles.PathOf($"artifacts/system/bin/SamSegmentation.ML.Onnx/{configuration}"), StringComparison.Ordinal)
            .Replace("$native$", RepositoryFiles.PathOf("artifacts/native"), StringComparison.Ordinal);
        var package = XDocument.Parse(text);
        string Metadata(string name) => package.Descendants().First(element => element.Name.LocalName == name).Value;
        using var zip = ZipFile.Open(Path.Combine(target, $"{Metadata("id")}.{Metadata("version")}.nupkg"), ZipArchiveMode.Create);
        foreach (var file in package.Descendants().Where(element => element.Name.LocalName == "file").ToArray())
        {
            var source = file.Attribute("src")!.Value;
            var found = Directory.GetFiles(Path.GetDirectoryName(source)!, Path.GetFileName(source));
            if (found.Length == 0)
                throw new FileNotFoundException($"{nuspec} names {source}; there is no such file.");
            foreach (var path in found)
                zip.CreateEntryFromFile(path, $"{file.Attribute("target")!.Value}/{Path.GetFileName(path)}");
        }
        package.Descendants().FirstOrDefault(element => element.Name.LocalName == "files")?.Remove();
        using var stream = zip.CreateEntry(Path.GetFileName(nuspec)).Open();
        package.Save(stream);
    }
}
