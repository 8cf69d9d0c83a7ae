namespace SamSegmentation.ML.Modeling.Adapters;

/// <summary>The small trainable parts that are put into a frozen image encoder.</summary>
public enum AdapterKind
{
    /// <summary>Low-rank updates of the attention's projections (Hu et al., "LoRA", arXiv 2106.09685); they can be merged.</summary>
    Lora,

    /// <summary>Bottlenecks beside the MLPs (Chen et al., "AdaptFormer", arXiv 2205.13535); not linear, so they cannot be merged.</summary>
    AdaptFormer,

    /// <summary>Both of them in each block.</summary>
    Both,
}
