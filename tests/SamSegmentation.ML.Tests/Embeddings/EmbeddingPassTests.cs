using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Embeddings;

public sealed class EmbeddingPassTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SemanticSam _model = TinyNetwork.Create();
    private readonly TensorCache _cache;

    public EmbeddingPassTests() => _cache = new TensorCache(_folder.Root);

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(EmbeddingDType.Float32, Preprocessing.Sam, 1)]
    [InlineData(EmbeddingDType.Float32, Preprocessing.Stretch, 3)]
    [InlineData(EmbeddingDType.Float16, Preprocessing.Sam, 2)]
    public void Run_NewImages_StoresWhatTheEncoderComputes(EmbeddingDType dtype, Preprocessing preprocessing, int batchSize)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var images = Images(5);
        var pass = Pass(dtype, preprocessing, batchSize);
        var preprocessor = new SamPreprocessor(TinyNetwork.Config.ImageSize, preprocessing);

        var result = Run(pass, images);

        Assert.Equal(5, result.Encoded);
        Assert.Empty(result.Damaged);
        Assert.Equal(["0", "1", "2", "3", "4"], result.Images.Select(image => image.Id));
        for (var i = 0; i < images.Length; i++)
        {
            var prepared = preprocessor.Prepare(images[i]);
            var expected = _model.encode(preprocessor.ToTensor([prepared])).squeeze(0);
            var found = _cache.Read(result.Images[i].Key, dtype == EmbeddingDType.Float16 ? ScalarType.Float16 : ScalarType.Float32, pass.Recipe.Shape);
            var error = (found.Tensor!.to(ScalarType.Float32) - expected).norm().ToDouble() / expected.norm().ToDouble();
            Assert.InRange(error, 0, dtype == EmbeddingDType.Float16 ? 1e-3 : 1e-6);
            Assert.Equal(prepared.Geometry, result.Images[i].Geometry);
            found.Tensor.Dispose();
        }
    }

    [Fact]
    public void Run_SecondTime_EncodesNothing()
    {
        var images = Images(4);
        var first = Run(Pass(), images);

        var second = Run(Pass(), images);

        Assert.Equal(0, second.Encoded);
        Assert.Equal(first.Images, second.Images);
    }

    [Fact]
    public void Run_WithoutReuse_EncodesAllAgain()
    {
        var images = Images(3);
        Run(Pass(), images);

        Assert.Equal(3, Run(Pass(reuse: false), images).Encoded);
    }

    [Fact]
    public void Run_DamagedEntry_IsComputedAgainAndReported()
    {
        var images = Images(3);
        var path = _cache.PathOf(Run(Pass(), images).Images[1].Key);
        var sound = File.ReadAllBytes(path);
        var damaged = (byte[])sound.Clone();
        damaged[^1] ^= 0x80;
        File.WriteAllBytes(path, damaged);

        var result = Run(Pass(), images);

        Assert.Equal(1, result.Encoded);
        var entry = Assert.Single(result.Damaged);
        Assert.Equal(("1", path), (entry.Id, entry.Path));
        Assert.Contains("hashes to", entry.Reason);
        Assert.Equal(sound, File.ReadAllBytes(path));
    }

    [Fact]
    public void Run_SourceFailsHalfway_KeepsWhatWasEncoded()
    {
        var images = Images(4);
        var pass = Pass();

        var error = Assert.Throws<InvalidDataException>(() => pass.Run(Failing(), item => $"{item}", item => images[item]));

        Assert.Equal("broken image", error.Message);
        Assert.Equal(2, Run(pass, images).Encoded);

        static IEnumerable<int> Failing()
        {
            yield return 0;
            yield return 1;
            throw new InvalidDataException("broken image");
        }
    }

    [Fact]
    public void Run_Cancelled_KeepsWhatWasEncodedAndGoesOnLater()
    {
        var images = Images(6);
        var pass = Pass();
        using var cancellation = new CancellationTokenSource();
        var progress = new ImmediateProgress<EmbeddingProgress>(progress =>
        {
            if (progress.Done == 3)
                cancellation.Cancel();
        });

        Assert.Throws<OperationCanceledException>(() => Run(pass, images, progress, cancellation.Token));

        var files = Directory.GetFiles(_folder.Root, "*.safetensors", SearchOption.AllDirectories).Length;
        Assert.InRange(files, 3, 5);
        Assert.Equal(6 - files, Run(pass, images).Encoded);
    }

    [Fact]
    public void Run_AnyImages_ReportsEachAndTheTotal()
    {
        var reports = new List<EmbeddingProgress>();

        Run(Pass(batchSize: 2), Images(5), new ImmediateProgress<EmbeddingProgress>(reports.Add));

        Assert.Equal(new EmbeddingProgress(5, 5, 5), reports[^1]);
        Assert.Equal(reports.OrderBy(report => report.Done), reports);
        Assert.True(reports.Count >= 5);
    }

    [Fact]
    public void Run_EmbeddingBeyondFloat16_NamesTheImage()
    {
        using (no_grad())
        {
            foreach (var (name, parameter) in _model.named_parameters())
            {
                if (name.StartsWith("image_encoder.neck.3", StringComparison.Ordinal))
                    parameter.mul_(1e6);
            }
        }

        var error = Assert.Throws<ArithmeticException>(() => Run(Pass(EmbeddingDType.Float16), Images(1)));

        Assert.Contains("'0'", error.Message);
        Assert.Contains("Float32", error.Message);
        Assert.Equal(1, Run(Pass(EmbeddingDType.Float32), Images(1)).Encoded);
    }

    private static RgbImage[] Images(int count) => [.. Enumerable.Range(0, count).Select(i => TinyScenes.Make(i, 40 + i, 56).Image)];

    private static EmbeddingPassResult Run(EmbeddingPass pass, RgbImage[] images, IProgress<EmbeddingProgress>? progress = null, CancellationToken cancellation = default) =>
        pass.Run(Enumerable.Range(0, images.Length).ToArray(), i => $"{i}", i => images[i], progress, cancellation);

    private EmbeddingPass Pass(EmbeddingDType dtype = EmbeddingDType.Float16, Preprocessing preprocessing = Preprocessing.Sam, int batchSize = 1, bool reuse = true) =>
        new(_model, new EmbeddingRecipe(_model, preprocessing, dtype), _cache, CPU) { BatchSize = batchSize, ReuseCache = reuse };
}
