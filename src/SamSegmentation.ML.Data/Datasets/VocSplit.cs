namespace SamSegmentation.ML.Datasets;

/// <summary>The lists of PASCAL VOC 2012's segmentation task.</summary>
public enum VocSplit
{
    /// <summary>1,464 images: <c>ImageSets/Segmentation/train.txt</c>.</summary>
    Train,

    /// <summary>1,449 images: <c>ImageSets/Segmentation/val.txt</c>.</summary>
    Val,

    /// <summary>Both, 2,913 images: <c>ImageSets/Segmentation/trainval.txt</c>.</summary>
    TrainVal,
}
