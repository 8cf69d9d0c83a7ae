namespace SamSegmentation.ML.Modeling.Heads;

/// <summary>What turns an image embedding into class logits.</summary>
public enum HeadKind
{
    /// <summary>SAM's mask decoder with a hypernetwork per class: logits on a grid of 4g, and it starts from SAM's weights.</summary>
    MaskDecoder,

    /// <summary>A linear classifier of each cell of the embedding, <see cref="LinearHead"/>.</summary>
    Linear,

    /// <summary>Atrous spatial pyramid pooling, <see cref="AsppHead"/>.</summary>
    Aspp,

    /// <summary>Pyramid pooling, <see cref="PyramidPoolingHead"/>.</summary>
    PyramidPooling,
}
