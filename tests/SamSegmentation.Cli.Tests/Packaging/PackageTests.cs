using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;
using Xunit;

namespace SamSegmentation.Cli.Tests.Packaging;

public sealed class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    private const string Data = "SamSegmentation.ML.Data", Library = "SamSegmentation.ML", Onnx = "SamSegmentation.ML.Onnx", Tool = "SamSegmentation.Cli";

    public static TheoryData<string, string[]> LibraryDependencies => new()
    {
        { Data, ["Microsoft.ML", "Microsoft.ML.ImageAnalytics"] },
        {
            Library,
            [
                "Google.Protobuf",
                "Microsoft.Extensions.Logging.Abstractions",
                "Microsoft.Extensions.Options",
                "Microsoft.Extensions.Options.ConfigurationExtensions",
                "Microsoft.ML",
                "Microsoft.ML.ImageAnalytics",
                Data,
                "TorchSharp",
            ]
        },
        { Onnx, ["Microsoft.ML", "Microsoft.ML.ImageAnalytics", "Microsoft.ML.OnnxRuntime", Data] },
    };

    [Theory]
    [InlineData(Data)]
    [InlineData(Library)]
    [InlineData(Onnx)]
    public void Library_Files_AreTheAssemblyItsDocumentationReadmeAndIcon(string id)
    {
        Assert.Equal(
            ["README.md", $"{id}.nuspec", "icon.png", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"],
            packages.FilesOf(id, "nupkg"));
        Assert.Equal([$"{id}.nuspec", $"lib/net10.0/{id}.pdb"], packages.FilesOf(id, "snupkg"));
    }

    [Theory]
    [MemberData(nameof(LibraryDependencies))]
    public void Library_Dependencies_AreThePackagesThatItUsesInTheVersionsOfTheBuild(string id, string[] expected)
    {
        var group = packages.MetadataOf(id).Descendants().Single(element => element.Name.LocalName == "group");
        Assert.Equal("net10.0", group.Attribute("targetFramework")!.Value);
        var versions = Versions();
        Assert.Equal(("5.0.0", "0.107.0"), (versions["Microsoft.ML"], versions["TorchSharp"]));
        // The packages of this repository use each other's internals, so that only those of one build go together.
        versions[Data] = $"[{packages.MetadataOf(Data).Elements().Single(element => element.Name.LocalName == "version").Value}]";
        Assert.Equal(
            expected.Select(dependency => $"{dependency} {versions[dependency]}"),
            group.Elements().Select(one => $"{one.Attribute("id")!.Value} {one.Attribute("version")!.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tool_Files_HoldNothingOfCompatAndWhatItNeedsBeside()
    {
        var files = packages.FilesOf(Tool, "nupkg");
        string[] needed = ["README.md", "icon.png", "samseg.dll", "samseg.runtimeconfig.json", "SamSegmentation.ML.dll", "SamSegmentation.ML.Data.dll", "DotnetToolSettings.xml", "YamlDotNet.dll"];
        Assert.Empty(needed.Except(files.Select(Path.GetFileName)));
        // On the stacks of the real assemblies these are the real ones, and belong there.
        if (IsSystemStack)
            Assert.DoesNotContain(files, file => Path.GetFileNameWithoutExtension(file) is "TorchSharp" or "Microsoft.ML" || file.Contains("Compat", StringComparison.Ordinal));
        Assert.DoesNotContain(packages.MetadataOf(Tool).Descendants(), element => element.Name.LocalName == "dependency");
        Assert.Contains("<Command Name=\"samseg\" EntryPoint=\"samseg.dll\"", Text(Tool, files.Single(file => file.EndsWith("DotnetToolSettings.xml", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Data)]
    [InlineData(Library)]
    [InlineData(Onnx)]
    [InlineData(Tool)]
    public void Metadata_OfEachPackage_NamesLicenceIconReadmeAndWhatItIs(string id)
    {
        var metadata = packages.MetadataOf(id).Elements().ToDictionary(element => element.Name.LocalName);
        Assert.Equal(id, metadata["id"].Value);
        Assert.Equal(("expression", "MIT"), (metadata["license"].Attribute("type")!.Value, metadata["license"].Value));
        Assert.Equal(("icon.png", "README.md"), (metadata["icon"].Value, metadata["readme"].Value));
        Assert.Contains("Segment Anything", metadata["description"].Value, StringComparison.Ordinal);
        // A package that was made against compat/ must not be mistaken for one to publish.
        Assert.Equal(IsSystemStack, metadata["version"].Value.EndsWith("-system", StringComparison.Ordinal));
        var icon = packages.Read(id, "icon.png").AsSpan(16);
        Assert.Equal((128, 128), (BinaryPrimitives.ReadInt32BigEndian(icon), BinaryPrimitives.ReadInt32BigEndian(icon[4..])));
    }

    [Fact]
    public void Readme_OfEachPackage_HasNoLinkThatLeadsNowhereOutsideOfTheRepository()
    {
        foreach (var id in new[] { Data, Library, Onnx, Tool })
            Assert.DoesNotMatch(@"\]\((?!https://)", Text(id, "README.md"));
        Assert.StartsWith("# SamSegmentation.ML.Data\n", Text(Data, "README.md"), StringComparison.Ordinal);
        Assert.StartsWith("# SamSegmentation.ML.Onnx\n", Text(Onnx, "README.md"), StringComparison.Ordinal);
        Assert.StartsWith("# SamSegmentation.ML\n", Text(Library, "README.md"), StringComparison.Ordinal);
        Assert.StartsWith("# samseg", Text(Tool, "README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Library_Documentation_DescribesItsPublicTypes() =>
        Assert.Contains("T:SamSegmentation.ML.Pipeline.SamTrainerOptions", Text(Library, "lib/net10.0/SamSegmentation.ML.xml"), StringComparison.Ordinal);

    [Fact]
    public void Consumer_OfThePackages_TrainsSavesLoadsPredictsAndScoresWithOnnx()
    {
        Assert.SkipWhen(AppContext.BaseDirectory.Contains(Path.Combine("artifacts", "folder"), StringComparison.Ordinal), "The stack folder has assemblies, the consumer needs packages.");
        using var folder = new TemporaryFolder();
        var version = packages.MetadataOf(Library).Elements().Single(element => element.Name.LocalName == "version").Value;

        var (code, output) = new ConsumerApplication(packages.Folder, folder.Root).Run(version, Versions()["TorchSharp-cpu"], withStandIns: IsSystemStack);

        Assert.True(code == 0, output);
        // It ends otherwise when one of them is not right.
        Assert.Contains("the loaded model has ", output, StringComparison.Ordinal);
        Assert.Contains("the exported model agrees on ", output, StringComparison.Ordinal);
    }

    private static bool IsSystemStack { get; } = AppContext.BaseDirectory.Contains(Path.Combine("artifacts", "system"), StringComparison.Ordinal);

    private static Dictionary<string, string> Versions() =>
        XDocument.Load(RepositoryFiles.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(element => element.Attribute("Include")!.Value, element => element.Attribute("Version")!.Value);

    private string Text(string id, string file) => Encoding.UTF8.GetString(packages.Read(id, file));
}
