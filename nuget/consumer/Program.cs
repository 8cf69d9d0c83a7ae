using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.Consumer;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Pipeline;

// What a new user of the package does, on a handful of tiny scenes: train, measure, save, load, predict.
var folder = Directory.CreateTempSubdirectory("samseg-consumer-").FullName;
try
{
    Scenes.Draw(folder, count: 8);

    var ml = new MLContext(seed: 1);
    IDataView data = ml.Segmentation().LoadFolder(Path.Combine(folder, "images"), Path.Combine(folder, "masks"), Scenes.Classes);
    var trainer = ml.Segmentation().Trainers.Sam(new SamTrainerOptions
    {
        Config = new SamConfig
        {
            ImageSize = 64,
            PatchSize = 8,
            EncoderDim = 32,
            EncoderDepth = 2,
            EncoderHeads = 2,
            WindowSize = 4,
            GlobalAttentionBlocks = [1],
            EmbeddingChannels = 32,
            DecoderHeads = 2,
            DecoderMlpDim = 64,
            IouHiddenDim = 16,
            MaskInChannels = 4,
        },
        Epochs = 60,
        BatchSize = 4,
        LearningRate = 5e-3,
    });

    var (zip, onnx) = (Path.Combine(folder, "model.zip"), Path.Combine(folder, "model.onnx"));
    using (var trained = trainer.Fit(data))
    {
        SegmentationMetrics metrics = ml.Segmentation().Evaluate(trained.Transform(data));
        Console.WriteLine(metrics.ToTable());
        if (!(metrics.PixelAccuracy > 0.8))
            throw new InvalidOperationException($"the network learnt nothing: pixel accuracy {metrics.PixelAccuracy:F3}, expected above 0.8");
        ml.Model.Save(trained, data.Schema, zip);
        ml.Segmentation().ExportOnnx(trained, onnx, new OnnxExportOptions { Form = OnnxForm.Network });
    }

    ITransformer loaded = new MLContext().Model.Load(zip, out _);
    using var engine = ml.Model.CreatePredictionEngine<Photograph, Prediction>(loaded);
    using var image = MLImage.CreateFromFile(Path.Combine(folder, "images", "0.png"));
    Prediction prediction = engine.Predict(new Photograph { Image = image });
    if ((prediction.PredictedHeight, prediction.PredictedWidth) != (image.Height, image.Width))
        throw new InvalidOperationException($"a prediction of {prediction.PredictedWidth}×{prediction.PredictedHeight} for an image of {image.Width}×{image.Height}");
    var right = prediction.PredictedLabel.Zip(Scenes.Label(0).Ids, (predicted, truth) => predicted == truth).Count(same => same);
    Console.WriteLine($"the loaded model has {100.0 * right / prediction.PredictedLabel.Length:F1} % of image 0's pixels right");
    if (right < 0.75 * prediction.PredictedLabel.Length)
        throw new InvalidOperationException("the loaded model does not predict what the trained one did");

    using var exported = new MLContext().Segmentation().LoadOnnx(onnx);
    using var onnxEngine = ml.Model.CreatePredictionEngine<Photograph, Prediction>(exported, new PredictionEngineOptions { OwnsTransformer = false });
    var same = onnxEngine.Predict(new Photograph { Image = image }).PredictedLabel.Zip(prediction.PredictedLabel, (other, own) => other == own).Average(equal => equal ? 1 : 0);
    Console.WriteLine($"the exported model agrees on {100 * same:F2} % of its pixels");
    if (same < 0.999)
        throw new InvalidOperationException("the exported model does not predict what the trained one did");
    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

internal sealed class Photograph
{
    public MLImage? Image { get; set; }
}

internal sealed class Prediction
{
    public byte[] PredictedLabel { get; set; } = [];

    public int PredictedHeight { get; set; }

    public int PredictedWidth { get; set; }
}
