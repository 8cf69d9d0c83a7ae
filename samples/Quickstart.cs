#:project ../src/SamSegmentation.ML/SamSegmentation.ML.csproj
#:property UsesMicrosoftML=true
#:property UsesTorchSharp=true
#:property PublishAot=false

// From photographs with masks to a coloured mask: `dotnet run samples/Quickstart.cs [PHOTO [OVERLAY.png]]`.
// In a program of your own, the first three lines are two packages. ML.NET generates code as it runs, which the ahead-of-time
// compilation that programs of a single file begin with does not allow; so the last line stays.
//   #:package SamSegmentation.ML@0.1.0
//   #:package TorchSharp-cpu@0.107.0
//   #:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Training.Schedules;

string here = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? ".";
string data = Path.Combine(here, "data", "scenes");
string photo = args.ElementAtOrDefault(0) ?? Path.Combine(data, "img", "val", "scene_00034.jpg");
string overlay = args.ElementAtOrDefault(1) ?? "overlay.png";

var ml = new MLContext(seed: 1);
var classes = new ClassList(File.ReadAllLines(Path.Combine(data, "classes.txt")));
IDataView train = ml.Segmentation().LoadFolder(Path.Combine(data, "img", "train"), Path.Combine(data, "ann", "train"), classes);
IDataView val = ml.Segmentation().LoadFolder(Path.Combine(data, "img", "val"), Path.Combine(data, "ann", "val"), classes);

var trainer = ml.Segmentation().Trainers.Sam(new SamTrainerOptions
{
    Checkpoint = Path.Combine(here, "Demo", "weights", "small_sam.safetensors"),   // or Meta's sam_vit_b_01ec64.pth
    Epochs = 10,
    LearningRate = 2e-3,
    Schedule = new CosineSchedule { WarmupSteps = 8 },
    Outputs = SegmentationOutputs.Overlay,
});
var model = trainer.Fit(train);
Console.WriteLine(ml.Segmentation().Evaluate(model.Transform(val)).ToTable());

using var engine = ml.Model.CreatePredictionEngine<Photograph, Prediction>(model);   // disposes the model
using var image = MLImage.CreateFromFile(photo);
using var drawn = engine.Predict(new Photograph { Image = image }).PredictedOverlay!;
drawn.Save(overlay);
Console.WriteLine($"{photo} with its classes over it: {overlay}");

internal sealed class Photograph
{
    public MLImage? Image { get; set; }
}

internal sealed class Prediction
{
    public MLImage? PredictedOverlay { get; set; }
}
