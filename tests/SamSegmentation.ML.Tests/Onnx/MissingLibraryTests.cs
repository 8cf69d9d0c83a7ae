using System.Reflection;
using System.Runtime.Loader;
using Microsoft.ML;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Tests.Pipeline;
using Xunit;

namespace SamSegmentation.ML.Tests.Onnx;

public sealed class MissingLibraryTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LoadOnnx_WithoutTheNativeLibrary_SaysWhichPackageBringsIt()
    {
        var path = _folder.Write("model.onnx", TinyOnnx.Network(SceneFolder.Classes.Names));
        var apart = new WithoutNativeLibraries();
        var load = apart.LoadFromAssemblyPath(typeof(OnnxSemanticSegmentationTransformer).Assembly.Location)
            .GetType(typeof(OnnxCatalogExtensions).FullName!)!.GetMethods().Single(method => method.GetParameters() is [_, { ParameterType.Name: nameof(String) }, _]);
        var error = Assert.Throws<TargetInvocationException>(() => load.Invoke(null, [new MLContext().Segmentation(), path, null])).InnerException;
        Assert.StartsWith("ONNX Runtime's native library (onnxruntime) cannot be loaded. The package Microsoft.ML.OnnxRuntime brings it", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
        Assert.Contains("not here", error.Message, StringComparison.Ordinal);
    }

    // The two assemblies a second time, where no native library is found; all others are the program's.
    private sealed class WithoutNativeLibraries() : AssemblyLoadContext("without native libraries")
    {
        protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name == "Microsoft.ML.OnnxRuntime"
            ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "Microsoft.ML.OnnxRuntime.dll"))
            : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) => throw new DllNotFoundException($"{unmanagedDllName} is not here.");
    }
}
