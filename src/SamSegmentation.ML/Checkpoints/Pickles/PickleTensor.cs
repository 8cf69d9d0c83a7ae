namespace SamSegmentation.ML.Checkpoints.Pickles;

/// <summary>A tensor as a pickle states it; nothing is checked but that these are whole numbers.</summary>
/// <param name="Storage">Where its elements are.</param>
/// <param name="Offset">Its first element within the storage's run.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Strides">Elements between neighbours, for each dimension.</param>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Shape, long[] Strides);
