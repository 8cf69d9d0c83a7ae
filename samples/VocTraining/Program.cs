using SamSegmentation.VocTraining;

// PASCAL VOC 2012, or your images in its layout, from training to masks; each command is a program of its own.
//   train    VOC-FOLDER CHECKPOINT MODEL.zip [EPOCHS]
//   evaluate VOC-FOLDER MODEL.zip
//   predict  MODEL.zip OUTPUT-FOLDER IMAGE…
try
{
    switch (args)
    {
        case ["train", var folder, var checkpoint, var model]:
            Training.Run(folder, checkpoint, model, epochs: 50);
            return 0;
        case ["train", var folder, var checkpoint, var model, var epochs] when int.TryParse(epochs, out var number):
            Training.Run(folder, checkpoint, model, number);
            return 0;
        case ["evaluate", var folder, var model]:
            Evaluation.Run(folder, model);
            return 0;
        case ["predict", var model, var output, .. var images] when images.Length > 0:
            Serving.Run(model, output, images);
            return 0;
        default:
            Console.Error.WriteLine("usage: train VOC-FOLDER CHECKPOINT MODEL.zip [EPOCHS] | evaluate VOC-FOLDER MODEL.zip | predict MODEL.zip OUTPUT-FOLDER IMAGE…");
            return 2;
    }
}
catch (Exception failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
