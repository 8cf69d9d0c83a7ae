using Microsoft.ML;
using SamSegmentation.ML.Datasets;

namespace SamSegmentation.VocTraining;

/// <summary>Measures a saved model on VOC's validation images.</summary>
internal static class Evaluation
{
    public static void Run(string folder, string zip)
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(zip, out _);
        using var disposed = (IDisposable)model;
        IDataView val = ml.Segmentation().LoadVoc(folder, VocSplit.Val);
        Console.WriteLine(ml.Segmentation().Evaluate(model.Transform(val)).ToTable());
    }
}
