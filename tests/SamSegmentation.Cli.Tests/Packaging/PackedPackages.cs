using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace SamSegmentation.Cli.Tests.Packaging;

/// <summary>The packages of this build, packed once for all tests that look into them.</summary>
public sealed class PackedPackages : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("samseg-test-");

    public PackedPackages()
    {
        Pack("SamSegmentation.ML.Data");
        Pack("SamSegmentation.ML");
        Pack("SamSegmentation.ML.Onnx");
        Pack("SamSegmentation.Cli");
    }

    /// <summary>Where the packages are.</summary>
    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The files of a package, without those that every package has for its own format.</summary>
    public string[] FilesOf(string id, string suffix)
    {
        using var zip = Open(id, suffix);
        return [.. zip.Entries.Select(entry => entry.FullName)
            .Where(name => name is not ("[Content_Types].xml" or "_rels/.rels") && !name.StartsWith("package/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }

    public byte[] Read(string id, string file)
    {
        using var zip = Open(id, "nupkg");
        using var stream = (zip.GetEntry(file) ?? throw new FileNotFoundException($"{id} has no {file}")).Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>The metadata element of a package's nuspec.</summary>
    public XElement MetadataOf(string id)
    {
        using var content = new MemoryStream(Read(id, $"{id}.nuspec"));
        return XDocument.Load(content).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    // What follows the id is a version; one package's id may begin with another's.
    private ZipArchive Open(string id, string suffix) =>
        ZipFile.OpenRead(_folder.GetFiles($"{id}.*.{suffix}").Single(file => char.IsAsciiDigit(file.Name[id.Length + 1])).FullName);

    // The assemblies that were built with these tests, so that what is looked at is what is there now.
    private void Pack(string project)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = RepositoryFiles.Root,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "pack", $"src/{project}/{project}.csproj", "--no-build", "--nologo", "--disable-build-servers", "--verbosity", "quiet",
                "--configuration", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "--output", _folder.FullName,
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"dotnet pack of {project} ended with {process.ExitCode}: {output}");
    }
}
