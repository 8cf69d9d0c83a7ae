using System.Reflection;
using System.Runtime.Loader;
using SamSegmentation.Publicize;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML;

public sealed class PublicizerTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void Publicize_InternalTypesAndMembers_BecomePublicAndOthersStay()
    {
        var image = File.ReadAllBytes(typeof(PublicizerTests).Assembly.Location);
        Publicizer.Publicize(image);
        var context = new AssemblyLoadContext(nameof(PublicizerTests), isCollectible: true);
        try
        {
            var type = context.LoadFromStream(new MemoryStream(image)).GetType(typeof(PublicizerSpecimen).FullName!)!;
            Assert.True(type.IsPublic);
            Assert.True(type.GetNestedType("Inner", Any)!.IsNestedPublic);
            Assert.True(type.GetNestedType("Hidden", Any)!.IsNestedPrivate);
            Assert.All(new[] { "Internal", "Public" }, name => Assert.True(type.GetMethod(name, Any)!.IsPublic, name));
            Assert.True(type.GetMethod("Private", Any)!.IsPrivate);
            Assert.True(type.GetMethod("Protected", Any)!.IsFamily);
            Assert.True(type.GetField("Field", Any)!.IsPublic);
            Assert.True(type.GetField("_own", Any)!.IsPrivate);
            Assert.True(Assert.Single(type.GetConstructors(Any)).IsPublic);
        }
        finally
        {
            context.Unload();
        }
    }

    [Fact]
    public void Write_Twice_LeavesTheCopyAsItIs()
    {
        using var folder = new TemporaryFolder();
        var output = Path.Combine(folder.Root, "sub", "copy.dll");
        Publicizer.Write(typeof(PublicizerTests).Assembly.Location, output);
        File.SetLastWriteTimeUtc(output, DateTime.UnixEpoch);
        Publicizer.Write(typeof(PublicizerTests).Assembly.Location, output);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(output));
    }
}

internal class PublicizerSpecimen
{
    internal int Field = 1;
    private readonly int _own = 2;

    internal PublicizerSpecimen()
    {
    }

    public int Public() => Private();

    internal int Internal() => Field;

    protected int Protected() => _own;

    private int Private() => Hidden.Value + Inner.Value;

    internal static class Inner
    {
        public static int Value => 3;
    }

    private static class Hidden
    {
        public static int Value => 4;
    }
}
