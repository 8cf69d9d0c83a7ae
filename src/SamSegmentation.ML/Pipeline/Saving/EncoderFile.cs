namespace SamSegmentation.ML.Pipeline.Saving;

/// <summary>The checkpoint that a model's image encoder came from, for models that are saved without it.</summary>
/// <param name="Path">Where it was when the model was trained.</param>
/// <param name="Sha256">SHA-256 of the file, as 64 lower-case hexadecimal digits.</param>
internal sealed record EncoderFile(string Path, string Sha256);
