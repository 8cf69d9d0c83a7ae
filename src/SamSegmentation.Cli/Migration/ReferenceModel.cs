namespace SamSegmentation.Cli.Migration;

/// <summary>What the reference's file says of the network.</summary>
internal sealed class ReferenceModel(ReferenceFile file)
{
    private const string Parameters = "train.model.params.";

    /// <summary>Translates it.</summary>
    public void Translate()
    {
        file.Move($"{Parameters}ckpt_path", "model.checkpoint");
        if (file.Find($"{Parameters}model_type") is { } type)
            // segment-anything's registry: default is vit_h.
            file.Set(type, "model.variant", type.Text == "default" ? "vit_h" : type.Text);
        if (file.Find($"{Parameters}class_num") is { } classes)
        {
            file.Note(classes, classes.Text == "21"
                ? "is PASCAL VOC's classes, the default"
                : "needs dataset.classes: a file of the classes' names, background first");
        }
        file.LeaveOut("there is one network", "train.model.sam_name");
    }
}
