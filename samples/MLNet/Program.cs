using SamSegmentation.MLNet;

// Trains on PASCAL VOC, or on your images in its layout, and serves the model in another process:
//   train   VOC-FOLDER CHECKPOINT MODEL.zip [EPOCHS]
//   predict MODEL.zip OUTPUT-FOLDER IMAGE…
switch (args)
{
    case ["train", var folder, var checkpoint, var model]:
        Training.Run(folder, checkpoint, model, epochs: 50);
        return 0;
    case ["train", var folder, var checkpoint, var model, var epochs] when int.TryParse(epochs, out var number):
        Training.Run(folder, checkpoint, model, number);
        return 0;
    case ["predict", var model, var output, .. var images] when images.Length > 0:
        Serving.Run(model, output, images);
        return 0;
    default:
        Console.Error.WriteLine("usage: train VOC-FOLDER CHECKPOINT MODEL.zip [EPOCHS] | predict MODEL.zip OUTPUT-FOLDER IMAGE…");
        return 2;
}
