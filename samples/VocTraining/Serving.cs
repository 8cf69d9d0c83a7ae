using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.VocTraining;

/// <summary>Serves a saved model: palette PNGs in VOC's colours, whose indices are the class ids.</summary>
internal static class Serving
{
    public static void Run(string zip, string output, string[] images)
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(zip, out _);
        // The engine disposes the model.
        using var engine = ml.Model.CreatePredictionEngine<Photograph, Prediction>(model);
        Directory.CreateDirectory(output);
        foreach (string path in images)
        {
            using var image = MLImage.CreateFromFile(path);
            Prediction prediction = engine.Predict(new Photograph { Image = image });
            string target = Path.Combine(output, Path.GetFileNameWithoutExtension(path) + ".png");
            ushort[] ids = [.. prediction.PredictedLabel.Select(id => (ushort)id)];
            LabelMapPng.SavePalette(new LabelMap(prediction.PredictedHeight, prediction.PredictedWidth, ids), target, ColorMap.Voc);
            Console.WriteLine($"{path}: {target}");
        }
    }

    private sealed class Photograph
    {
        public MLImage? Image { get; set; }
    }

    private sealed class Prediction
    {
        public byte[] PredictedLabel { get; set; } = [];

        public int PredictedHeight { get; set; }

        public int PredictedWidth { get; set; }
    }
}
