using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Imaging;

public sealed class LabelMapPngTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<int, int, bool> Kinds
    {
        get
        {
            TheoryData<int, int, bool> kinds = [];
            foreach (bool interlaced in new[] { false, true })
            {
                foreach (int depth in new[] { 1, 2, 4, 8, 16 })
                {
                    kinds.Add(PngBuilder.Gray, depth, interlaced);
                    if (depth < 16)
                    {
                        kinds.Add(PngBuilder.Palette, depth, interlaced);
                    }
                }
            }

            return kinds;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_EveryKindSizeAndFilter_GivesStoredSamples(int colorType, int depth, bool interlaced)
    {
        Random random = new(depth);
        foreach ((int height, int width) in new[] { (1, 1), (1, 9), (9, 1), (2, 3), (5, 4), (8, 8), (17, 33), (40, 7) })
        {
            for (int filter = 0; filter <= 5; filter++)
            {
                ushort[] samples = Samples(random, height * width, depth);
                int everyRow = filter; // 5: all filters in turn
                byte[] png = new PngBuilder
                {
                    Height = height,
                    Width = width,
                    BitDepth = depth,
                    ColorType = colorType,
                    Interlaced = interlaced,
                    Samples = samples,
                    Filter = row => everyRow == 5 ? row % 5 : everyRow,
                    DataChunks = 1 + filter,
                }.Build();

                LabelMap map = LabelMapPng.Decode(png);

                Assert.Equal((height, width), (map.Height, map.Width));
                Assert.Equal(samples, map.Ids);
            }
        }
    }

    [Fact]
    public void Decode_GreyOfOneBit_IsNotScaled()
    {
        byte[] png = new PngBuilder { Width = 2, Height = 1, BitDepth = 1, ColorType = PngBuilder.Gray, Samples = [0, 1] }.Build();

        Assert.Equal([0, 1], LabelMapPng.Decode(png).Ids);
    }

    [Fact]
    public void Decode_IndexBeyondPalette_KeepsIndex()
    {
        byte[] png = new PngBuilder { Width = 2, Height = 1, BitDepth = 8, ColorType = PngBuilder.Palette, Samples = [1, 255], Colors = [0, 0, 0, 9, 9, 9] }.Build();

        Assert.Equal([1, 255], LabelMapPng.Decode(png).Ids);
    }

    [Fact]
    public void Decode_AncillaryChunks_ArePassedOver()
    {
        byte[] png = new PngBuilder
        {
            Width = 1,
            Height = 1,
            BitDepth = 8,
            ColorType = PngBuilder.Gray,
            Samples = [5],
            Extra = [("gAMA", [0, 0, 0, 1]), ("tEXt", new byte[5000]), ("prVt", [])],
        }.Build();

        Assert.Equal([5], LabelMapPng.Decode([.. png, 1, 2, 3]).Ids);
    }

    [Fact]
    public void SavePalette_VocColors_KeepsIdsAndWritesWholePalette()
    {
        LabelMap map = RandomMap(13, 31, 256, seed: 3);
        string path = _folder.PathOf("out/mask.png");

        LabelMapPng.SavePalette(map, path, ColorMap.Voc);

        Assert.Equal(map.Ids, LabelMapPng.Load(path).Ids);
        Assert.Equal(ColorMap.Voc.Colorize(map).Pixels, RgbImage.Load(path).Pixels);
        Assert.Equal(map.Ids, LabelMapPng.LoadColored(path, ColorMap.Voc).Ids);
    }

    [Theory]
    [InlineData(256, 8)]
    [InlineData(257, 16)]
    [InlineData(65536, 16)]
    public void SaveGray_AnyIds_KeepsIdsInFewestBytes(int idCount, int depth)
    {
        LabelMap map = RandomMap(9, 14, idCount, seed: 4);
        map[0, 0] = (ushort)(idCount - 1);
        string path = _folder.PathOf("mask.png");

        LabelMapPng.SaveGray(map, path);

        Assert.Equal(map.Ids, LabelMapPng.Load(path).Ids);
        Assert.Equal(depth, File.ReadAllBytes(path)[24]);
    }

    [Fact]
    public void Encode_SameMap_GivesSameBytes()
    {
        LabelMap map = RandomMap(50, 60, 21, seed: 5);

        Assert.Equal(LabelMapPng.EncodePalette(map, ColorMap.Voc), LabelMapPng.EncodePalette(map, ColorMap.Voc));
        Assert.Equal(LabelMapPng.EncodeGray(map), LabelMapPng.EncodeGray(map));
    }

    [Fact]
    public void EncodePalette_IdAbove255_NamesPixel()
    {
        LabelMap map = new(2, 3) { [1, 2] = 300 };

        ArgumentException e = Assert.Throws<ArgumentException>(() => LabelMapPng.EncodePalette(map, ColorMap.Voc));

        Assert.Contains("(x 2, y 1) has id 300", e.Message);
    }

    [Fact]
    public void EncodePalette_IdWithoutColor_NamesPixel()
    {
        LabelMap map = new(2, 3) { [1, 0] = 2 };

        ArgumentException e = Assert.Throws<ArgumentException>(() => LabelMapPng.EncodePalette(map, new ColorMap([(0, 0, 0), (1, 1, 1)])));

        Assert.Contains("(x 0, y 1) has id 2", e.Message);
    }

    [Fact]
    public void Load_RgbFile_SaysWhatIsExpected()
    {
        string path = _folder.PathOf("photo.png");
        new RgbImage(1, 1, [1, 2, 3]).SavePng(path);

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => LabelMapPng.Load(path));

        Assert.Equal(path, e.Path);
        Assert.Contains(path, e.Message);
        Assert.Contains("palette or grey PNG; this one is 8-bit RGB", e.Message);
    }

    [Fact]
    public void Load_MissingFile_IsIOException() =>
        Assert.Throws<FileNotFoundException>(() => LabelMapPng.Load(Path.Combine(_folder.Root, "none.png")));

    [Theory]
    [InlineData(PngBuilder.Rgb, 3)]
    [InlineData(PngBuilder.Rgba, 4)]
    public void LoadColored_ColorsOfMap_GivesIds(int colorType, int channels)
    {
        LabelMap map = RandomMap(6, 5, 256, seed: 6);
        RgbImage painted = ColorMap.Voc.Colorize(map);
        ushort[] samples = [.. Enumerable.Range(0, 30 * channels).Select(i => i % channels == 3 ? (ushort)i : painted.Pixels[(i / channels * 3) + (i % channels)])];
        string path = _folder.Write("mask.png", new PngBuilder
        {
            Width = 5,
            Height = 6,
            BitDepth = 8,
            ColorType = colorType,
            Samples = samples,
            Filter = row => row % 5,
            Interlaced = true,
        }.Build());

        Assert.Equal(map.Ids, LabelMapPng.LoadColored(path, ColorMap.Voc).Ids);
    }

    [Fact]
    public void LoadColored_UnknownColor_NamesPixelAndColor()
    {
        RgbImage painted = ColorMap.Voc.Colorize(new LabelMap(2, 3));
        painted.Pixels[3 * 4] = 77;
        string path = _folder.PathOf("mask.png");
        painted.SavePng(path);

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => LabelMapPng.LoadColored(path, ColorMap.Voc));

        Assert.Equal("pixel (x 1, y 1)", e.Place);
        Assert.Contains("(77, 0, 0)", e.Message);
    }

    [Fact]
    public void LoadColored_GreyFile_SaysWhatIsExpected()
    {
        string path = _folder.PathOf("mask.png");
        LabelMapPng.SaveGray(new LabelMap(1, 1), path);

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => LabelMapPng.LoadColored(path, ColorMap.Voc));

        Assert.Contains("this one is 8-bit grey", e.Message);
    }

    private static LabelMap RandomMap(int height, int width, int ids, int seed)
    {
        Random random = new(seed);
        return new LabelMap(height, width, [.. Enumerable.Range(0, height * width).Select(_ => (ushort)random.Next(ids))]);
    }

    private static ushort[] Samples(Random random, int count, int depth) =>
        [.. Enumerable.Range(0, count).Select(_ => (ushort)random.Next(1 << depth))];
}
