using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(
    typeof(ImageLoadingTransformer), null, typeof(SignatureLoadModel), "Image Loader Transform", ImageLoadingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Images from the files that a text column names.</summary>
public sealed class ImageLoadingTransformer : OneToOneTransformerBase
{
    public readonly string ImageFolder;

    internal const string LoaderSignature = "ImageLoaderTransform";

    internal ImageLoadingTransformer(IHostEnvironment env, string imageFolder, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(ImageLoadingTransformer)), columns)
    {
        if (string.IsNullOrEmpty(imageFolder))
            return;
        if (!Directory.Exists(imageFolder))
            throw new ArgumentException($"Directory \"{imageFolder}\" does not exist.");
        ImageFolder = Path.GetFullPath(imageFolder);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        ctx.SaveStringOrNull(ImageFolder);
        // Images; the real one can also load the bytes of the files.
        ctx.Writer.Write(true);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema inputSchema)
    {
        DataViewSchema.Column[] sources = [.. ColumnPairs.Select((_, i) => InputColumn(inputSchema, i))];
        foreach (var source in sources)
        {
            if (source.Type is not TextDataViewType)
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name, TextDataViewType.Instance.ToString(), source.Type.ToString());
        }

        return new Mapper(this, sources);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "IMGLOADR",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: LoaderAssembly.ImageAnalytics);

    private static ImageLoadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        var columns = LoadColumns(ctx);
        var folder = ctx.LoadStringOrNull();
        env.CheckDecode(ctx.Reader.ReadBoolean(), "Loading the bytes of image files is not known here");
        return new ImageLoadingTransformer(env, folder, columns);
    }

    private sealed class Mapper(ImageLoadingTransformer parent, DataViewSchema.Column[] sources) : IRowMapper
    {
        public DataViewSchema.DetachedColumn[] OutputColumns { get; } =
            Array.ConvertAll(parent.ColumnPairs, pair => new DataViewSchema.DetachedColumn(pair.outputColumnName, new ImageDataViewType()));

        public IEnumerable<DataViewSchema.Column> Dependencies(int output) => [sources[output]];

        public Delegate[] CreateGetters(DataViewRow input, bool[] activeOutputs, out Action disposer)
        {
            var last = new MLImage[sources.Length];
            disposer = () => Array.ForEach(last, image => image?.Dispose());
            return [.. sources.Select((source, i) => activeOutputs[i] ? Getter(input, source, image => last[i] = image) : null)];
        }

        private ValueGetter<MLImage> Getter(DataViewRow input, DataViewSchema.Column source, Action<MLImage> remember)
        {
            var get = input.GetGetter<ReadOnlyMemory<char>>(source);
            ReadOnlyMemory<char> name = default;
            return (ref MLImage image) =>
            {
                // Whoever keeps the image of the row before holds a disposed one.
                image?.Dispose();
                image = null;
                get(ref name);
                if (name.Length > 0)
                {
                    var path = string.IsNullOrWhiteSpace(parent.ImageFolder) ? name.ToString() : Path.Combine(parent.ImageFolder, name.ToString());
                    image = MLImage.CreateFromStream(new MemoryStream(File.ReadAllBytes(path)));
                    image.Tag = path;
                }

                remember(image);
            };
        }
    }
}
