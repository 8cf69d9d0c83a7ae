#:project ../../src/SamSegmentation.ML/SamSegmentation.ML.csproj
#:property UsesMicrosoftML=true
#:property UsesTorchSharp=true
#:property PublishAot=false

// Segmentation.ipynb as a program: `dotnet run samples/notebooks/Segmentation.cs [OUTPUT-FOLDER]`. Pictures become files.
using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Training.Schedules;

// The data: photographs, masks of class ids with the same names, and the classes' names.
string samples = Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? ".", "..");
string scenes = Path.Combine(samples, "data", "scenes");
string output = args.ElementAtOrDefault(0) ?? "segmentation";
var classes = new ClassList(File.ReadAllLines(Path.Combine(scenes, "classes.txt")));
var ml = new MLContext(seed: 1);
IDataView train = ml.Segmentation().LoadFolder(Path.Combine(scenes, "img", "train"), Path.Combine(scenes, "ann", "train"), classes);
IDataView val = ml.Segmentation().LoadFolder(Path.Combine(scenes, "img", "val"), Path.Combine(scenes, "ann", "val"), classes);
Console.WriteLine(string.Join(", ", classes.Names));

string photo = Path.Combine(scenes, "img", "val", "scene_00034.jpg");
RgbImage photograph = RgbImage.Load(photo);
LabelMap truth = LabelMapPng.Load(Path.Combine(scenes, "ann", "val", "scene_00034.png"));
Show("truth", ColorMap.Voc.Colorize(truth));

// Fine-tuning: the encoder is frozen and runs once per image; the decoder learns the classes.
var trainer = ml.Segmentation().Trainers.Sam(new SamTrainerOptions
{
    Checkpoint = Path.Combine(samples, "Demo", "weights", "small_sam.safetensors"),
    ValidationSet = val,
    ValidateEvery = 5,
    Epochs = 10,
    LearningRate = 2e-3,
    Schedule = new CosineSchedule { WarmupSteps = 8 },
    WorkspacePath = Path.Combine(output, "run"),   // checkpoints, TensorBoard events, log
    MetricsCallback = epoch => Console.WriteLine($"epoch {epoch.Epoch}: loss {epoch.TrainingLoss:F3}, mIoU {epoch.Validation?.MeanIoU:F3}"),
});
var model = trainer.Fit(train);

// How good it is, at each image's own size.
SegmentationMetrics metrics = ml.Segmentation().Evaluate(model.Transform(val));
Console.WriteLine(metrics.ToTable());

// Coloured masks, one photograph at a time.
using var engine = ml.Model.CreatePredictionEngine<Photograph, Prediction>(model);   // disposes the model
Prediction prediction;
using (var image = MLImage.CreateFromFile(photo))
    prediction = engine.Predict(new Photograph { Image = image });
var predicted = new LabelMap(prediction.PredictedHeight, prediction.PredictedWidth, [.. prediction.PredictedLabel.Select(id => (ushort)id)]);
Show("predicted", ColorMap.Voc.Colorize(predicted));
Show("overlay", Overlay.Blend(photograph, predicted, ColorMap.Voc));

// Save: the zip holds the whole model, encoder included.
string zip = Path.Combine(output, "scenes.zip");
ml.Model.Save(model, train.Schema, zip);
Console.WriteLine($"{zip}: {new FileInfo(zip).Length / 1e6:F1} MB");

void Show(string name, RgbImage picture)
{
    string path = Path.Combine(output, $"{name}.png");
    picture.SavePng(path);
    Console.WriteLine(path);
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
