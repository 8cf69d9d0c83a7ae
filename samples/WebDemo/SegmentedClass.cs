namespace SamSegmentation.WebDemo;

/// <summary>A class in a photograph.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Color">Red, green, blue, 0..255.</param>
/// <param name="Pixels">How many pixels it has.</param>
/// <param name="Share">Their part of all, 0..1.</param>
internal sealed record SegmentedClass(int Id, string Name, int[] Color, int Pixels, double Share);
