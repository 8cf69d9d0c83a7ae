using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Reflection.Emit;

namespace SamSegmentation.Cli.Tests.Packaging;

/// <summary>
/// A library of one class that is packed as a release is, by this repository's packing files, from a checkout with a remote; twice, in different
/// folders. The second time it is compared with a package of before that had one method more. (Tests of the repository's own packages
/// cannot say what a remote, a second build or an older version would give.)
/// </summary>
public sealed class ReleasedSample : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("samseg-test-");

    public ReleasedSample()
    {
        FirstFolder = Checkout("first");
        var secondFolder = Checkout(Path.Combine("second", "deeper"));
        (FirstCode, FirstOutput) = Pack(FirstFolder);
        First = Path.Combine(FirstFolder, "out");
        Second = Path.Combine(secondFolder, "out");
        if (FirstCode == 0)
            (SecondCode, SecondOutput) = Pack(secondFolder, $"-p:PackageValidationBaselinePath={Before(Path.Combine(First, "Sample.0.1.0.nupkg"))}");
    }

    /// <summary>The checkout of the first packing.</summary>
    public string FirstFolder { get; }

    /// <summary>The folder of its packages.</summary>
    public string First { get; }

    /// <summary>The folder of the second packing's.</summary>
    public string Second { get; }

    public int FirstCode { get; }

    public string FirstOutput { get; }

    public int SecondCode { get; }

    public string SecondOutput { get; } = "";

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The content of each of a package's files.</summary>
    public static SortedDictionary<string, byte[]> ContentsOf(string folder, string suffix)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(folder, $"Sample.0.1.0.{suffix}"));
        var contents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            contents.Add(entry.FullName, content.ToArray());
        }
        return contents;
    }

    // A git folder is read, not asked: no git is needed, and no user's settings matter.
    private string Checkout(string name)
    {
        var root = _folder.CreateSubdirectory(name).FullName;
        foreach (var file in new[]
        {
            "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json",
            "nuget/Package.targets", "nuget/library.nuspec", "nuget/README.md", "nuget/icon.png", "stacks/nuget.props",
        })
            File.Copy(RepositoryFiles.PathOf(file), PathIn(root, file));
        Directory.CreateDirectory(Path.Combine(root, ".git", "objects"));
        Write(root, ".git/HEAD", "ref: refs/heads/main\n");
        Write(root, ".git/refs/heads/main", Commit + "\n");
        Write(root, ".git/config", "[core]\n\trepositoryformatversion = 0\n[remote \"origin\"]\n\turl = https://github.com/example/samples.git\n");
        Write(root, "src/Sample/Sample.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <IsPackable>true</IsPackable>
                <Description>A sample.</Description>
              </PropertyGroup>
            </Project>
            """);
        Write(root, "src/Sample/Thing.cs", """
            namespace Sample;

            /// <summary>A thing.</summary>
            public class Thing
            {
                /// <summary>Does something.</summary>
                public virtual void Act() => System.Console.WriteLine(GetType().Name);
            }
            """);
        return root;
    }

    // The package with an assembly that has a method more.
    private string Before(string package)
    {
        var path = Path.Combine(_folder.FullName, "before.nupkg");
        File.Copy(package, path);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Update);
        zip.GetEntry("lib/net10.0/Sample.dll")!.Delete();
        using var stream = zip.CreateEntry("lib/net10.0/Sample.dll").Open();
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Sample") { Version = new Version(0, 1, 0, 0) }, typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("Sample").DefineType("Sample.Thing", TypeAttributes.Public);
        foreach (var name in new[] { "Act", "Rest" })
            type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot, typeof(void), []).GetILGenerator().Emit(OpCodes.Ret);
        type.CreateType();
        assembly.Save(stream);
        return path;
    }

    private static (int Code, string Output) Pack(string root, params string[] properties)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["pack", "src/Sample/Sample.csproj", "--nologo", "--disable-build-servers", "--verbosity", "quiet", "--configuration", "Release", "--output", "out", "-p:ContinuousIntegrationBuild=true", .. properties])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static void Write(string root, string file, string text) => File.WriteAllText(PathIn(root, file), text);

    private static string PathIn(string root, string file)
    {
        var path = Path.Combine(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
