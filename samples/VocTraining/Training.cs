using Microsoft.ML;
using Microsoft.ML.Runtime;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Pipeline;

namespace SamSegmentation.VocTraining;

/// <summary>Fine-tunes Segment Anything, measures it, and saves the model.</summary>
internal static class Training
{
    public static void Run(string folder, string checkpoint, string zip, int epochs)
    {
        var ml = new MLContext(seed: 1);
        ml.Log += (_, message) =>
        {
            if (message.Kind >= ChannelMessageKind.Info)
                Console.WriteLine(message.RawMessage);
        };
        IDataView train = ml.Segmentation().LoadVoc(folder, VocSplit.Train);
        IDataView val = ml.Segmentation().LoadVoc(folder, VocSplit.Val);
        var trainer = ml.Segmentation().Trainers.Sam(new SamTrainerOptions { Checkpoint = checkpoint, ValidationSet = val, Epochs = epochs });
        using var model = trainer.Fit(train);
        SegmentationMetrics metrics = ml.Segmentation().Evaluate(model.Transform(val));
        Console.WriteLine(metrics.ToTable());
        ml.Model.Save(model, train.Schema, zip);
    }
}
