using System.Reflection;

namespace Microsoft.ML;

/// <summary>
/// The assemblies that model files name as their readers. The ones of the real library are a single one here, but
/// files name the real ones, so that they go from one to the other.
/// </summary>
internal static class LoaderAssembly
{
    public const string Data = "Microsoft.ML.Data" + Identity;
    public const string ImageAnalytics = "Microsoft.ML.ImageAnalytics" + Identity;

    private const string Identity = ", Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";

    public static Assembly Load(string fullName) =>
        new AssemblyName(fullName).Name is "Microsoft.ML.Data" or "Microsoft.ML.ImageAnalytics"
            ? typeof(LoaderAssembly).Assembly
            : Assembly.Load(fullName);
}
