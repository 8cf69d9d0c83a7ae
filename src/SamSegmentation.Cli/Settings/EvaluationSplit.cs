namespace SamSegmentation.Cli.Settings;

/// <summary>What of a dataset is evaluated.</summary>
internal enum EvaluationSplit
{
    /// <summary>What training learns from: VOC's train list, or the folders of images and masks.</summary>
    Train,

    /// <summary>What training is validated on: VOC's val list, or the folders of validation images and masks.</summary>
    Val,

    /// <summary>Both, for VOC alone.</summary>
    TrainVal,
}
