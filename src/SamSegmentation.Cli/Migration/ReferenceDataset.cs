namespace SamSegmentation.Cli.Migration;

/// <summary>What the reference's file says of the images.</summary>
internal sealed class ReferenceDataset(ReferenceFile file)
{
    private const string Voc = "torch_voc_sem";
    private const string Folders = "base_sem";

    /// <summary>Translates it.</summary>
    public void Translate()
    {
        if (file.Find("train.dataset.name") is { } name)
        {
            if (name.Text == Voc)
                TranslateVoc(name);
            else if (name.Text == Folders)
                TranslateFolders(name);
            else
                file.Refuse(name, $"{Voc} or {Folders}");
        }
        if (file.Find("train.dataset.transforms.resize.params.size") is { } size)
            file.Set(size, "training.preprocessing", "stretch", "at the network's own size; sam keeps the proportions and normalises");
        file.LeaveOut("images become tensors by themselves", "train.dataset.transforms.to_tensor.params", "val.dataset.transforms.to_tensor.params");
        file.LeaveOut(
            "label maps keep their own size, at which mIoU is measured",
            "train.dataset.target_transforms.resize.params.size", "val.dataset.target_transforms.resize.params.size");
        file.LeaveOut("validation prepares images as training does", "val.dataset.transforms.resize.params.size");
        file.LeaveOut("validation takes one image at a time", "val.bs");
        file.LeaveOut("decoding runs ahead by itself", "train.num_workers", "val.num_workers");
        file.LeaveOut("no image is left out of an epoch or of validation", "train.drop_last", "val.drop_last");
        file.LeaveOut("samseg evaluate measures a model", "test.need_test");
    }

    private void TranslateVoc(ReferenceLeaf name)
    {
        file.Note(name, "is dataset.voc");
        if (file.Find("train.dataset.params.root") is { } root)
        {
            // torchvision's layout below the root.
            var year = file.Find("train.dataset.params.year")?.Text ?? "2012";
            file.Set(root, "dataset.voc", $"{root.Text.TrimEnd('/')}/VOCdevkit/VOC{year}", "with the year");
        }
        if (file.Find("train.dataset.params.year") is { } stated)
            file.Note(stated, "is a part of dataset.voc");
        file.Move("train.dataset.params.image_set", "dataset.train_split");
        file.Move("val.dataset.params.image_set", "dataset.val_split");
        foreach (var same in new[] { "name", "params.root", "params.year" })
            MustBeTrainings(same);
    }

    // img/{train,val}/x.jpg beside ann/{train,val}/x.png.
    private void TranslateFolders(ReferenceLeaf name)
    {
        file.Note(name, "is folders of images and masks");
        if (file.Find("train.dataset.params.dataset_dir") is { } root)
        {
            var folder = root.Text.TrimEnd('/');
            file.Set(root, "dataset.images", $"{folder}/img/train");
            file.Set(root, "dataset.masks", $"{folder}/ann/train");
            file.Set(root, "dataset.val_images", $"{folder}/img/val");
            file.Set(root, "dataset.val_masks", $"{folder}/ann/val", $"and {folder}/{{img,ann}}/{{train,val}} the other folders");
        }
        foreach (var same in new[] { "name", "params.dataset_dir" })
            MustBeTrainings(same);
    }

    private void MustBeTrainings(string key)
    {
        if (file.Find($"val.dataset.{key}") is not { } val)
            return;
        if (file.Find($"train.dataset.{key}") is { } train && train.Text != val.Text)
            file.Refuse(val, $"what train.dataset.{key} is, '{train.Text}'");
        else
            file.Note(val, "is training's");
    }
}
