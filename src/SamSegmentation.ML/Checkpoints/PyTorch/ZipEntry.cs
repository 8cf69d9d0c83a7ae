namespace SamSegmentation.ML.Checkpoints.PyTorch;

/// <summary>An entry of a zip archive; its reader has checked that its bytes lie within the file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Method">How it is compressed; 0 is not at all.</param>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Length">Its bytes as they lie in the file.</param>
internal sealed record ZipEntry(string Name, int Method, long Offset, long Length);
