using System.Buffers.Binary;
using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Imaging;

public sealed class DamagedPngTests
{
    public static TheoryData<string, byte[], string, string> Broken => new()
    {
        { "empty", [], "byte 0", "the file is empty" },
        { "JPEG", [0xFF, 0xD8, 0xFF, 0xE0], "byte 0", "expected the PNG signature 89504E470D0A1A0A, found bytes FFD8FFE0" },
        { "signature alone", PngBuilder.Signature, "byte 8", "expected another chunk" },
        { "other first chunk", Png(("IDAT", [])), "chunk IDAT at byte 8", "IHDR chunk first" },
        { "short header", Png(("IHDR", new byte[12])), "chunk IHDR at byte 8", "12 bytes long; expected 13" },
        { "width 0", WithHeader(header => header[3] = 0), "chunk IHDR", "size 0×3" },
        { "height beyond 31 bits", WithHeader(header => header[4] = 0x80), "chunk IHDR", "size 4×2147483651" },
        { "5-bit", WithHeader(header => header[8] = 5), "chunk IHDR", "bit depth 5 with colour type 0" },
        { "16-bit palette", WithHeader(header => (header[8], header[9]) = (16, 3)), "chunk IHDR", "bit depth 16 with colour type 3" },
        { "unknown compression", WithHeader(header => header[10] = 1), "chunk IHDR", "compression 1" },
        { "unknown interlacing", WithHeader(header => header[12] = 2), "chunk IHDR", "interlace 2" },
        { "unknown critical chunk", Png(("IHDR", Gray().Header()), ("ABCD", [])), "chunk ABCD at byte 33", "critical" },
        { "name of no letters", Png(("IHDR", Gray().Header()), ("I1AT", [])), "byte 37", "four letters" },
        { "no IEND", Png(("IHDR", Gray().Header())), "byte 33", "IEND" },
        { "no IDAT", Png(("IHDR", Gray().Header()), ("IEND", [])), "chunk IEND", "IDAT chunks hold 0 bytes" },
        { "palette without PLTE", Png(("IHDR", WithDepth(8, PngBuilder.Palette).Header()), ("IDAT", PngBuilder.Zlib(new byte[15])), ("IEND", [])), "chunk IEND", "PLTE" },
        { "PLTE of 4 bytes", Png(("IHDR", Gray().Header()), ("PLTE", new byte[4])), "chunk PLTE", "4 bytes long" },
        { "PLTE of 257 colours", Png(("IHDR", Gray().Header()), ("PLTE", new byte[771])), "chunk PLTE", "771 bytes long" },
        { "two PLTE", Png(("IHDR", Gray().Header()), ("PLTE", new byte[3]), ("PLTE", new byte[3])), "chunk PLTE at byte 48", "at most one" },
        { "IDAT apart", Png(("IHDR", Gray().Header()), ("IDAT", []), ("tEXt", []), ("IDAT", [])), "chunk IDAT at byte 57", "tEXt among them" },
        { "data end early", Gray(surplus: -1).Build(), "IDAT data", "end before" },
        { "data go on", Gray(surplus: 1).Build(), "IDAT data", "more data" },
        { "no zlib", Png(("IHDR", Gray().Header()), ("IDAT", [1, 2, 3, 4]), ("IEND", [])), "IDAT data", "damaged" },
        { "wrong zlib checksum", WithBadAdler(), "IDAT data", "damaged" },
        { "filter 7", Gray(filter: 7).Build(), "IDAT data", "row filter 7" },
        { "wrong chunk checksum", WithByte(Gray().Build(), 30, 1), "chunk IHDR at byte 8", "checksum" },
        { "chunk beyond the end", WithByte(Gray().Build(), 8, 0x7F), "chunk IHDR at byte 8", "says it is 2130706445 bytes long" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Decode_BrokenFile_SaysWhereAndWhy(string name, byte[] png, string place, string reason)
    {
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => LabelMapPng.Decode(png, path: name + ".png"));

        Assert.Equal(name + ".png", e.Path);
        Assert.Contains(place, e.Place);
        Assert.Contains(reason, e.Reason);
    }

    [Fact]
    public void Decode_AboveLimit_IsRefusedBeforeAnythingElse()
    {
        byte[] png = Png(("IHDR", Gray(claimed: (100_000, 100_000)).Header()));

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => LabelMapPng.Decode(png));

        Assert.Contains("100000×100000 is 10000000000 pixels; expected at most 178956970", e.Reason);
    }

    [Fact]
    public void Decode_AdjustedLimit_Decides()
    {
        byte[] png = Gray().Build();

        Assert.Equal(12, LabelMapPng.Decode(png, new ImageLimits { MaxPixels = 12 }).Ids.Length);
        Assert.Throws<ImageFormatException>(() => LabelMapPng.Decode(png, new ImageLimits { MaxPixels = 11 }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_SmallFileClaimsLargeImage_AllocatesNothingForIt(bool interlaced)
    {
        byte[] png = Gray(claimed: (13_000, 13_000), interlaced: interlaced).Build();
        long before = GC.GetAllocatedBytesForCurrentThread();

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => LabelMapPng.Decode(png));

        Assert.Contains("too few", e.Reason);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Decode_DataInflateFarBeyondImage_StopsAtImage()
    {
        byte[] bomb = PngBuilder.Zlib(new byte[300_000_000]);
        byte[] png = Png(("IHDR", Gray().Header()), ("IDAT", bomb), ("IEND", []));
        long before = GC.GetAllocatedBytesForCurrentThread();

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => LabelMapPng.Decode(png));

        Assert.Contains("more data", e.Reason);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bomb.Length + (1 << 20));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, true)]
    [InlineData(8, false)]
    [InlineData(16, true)]
    public void Decode_TruncatedAnywhere_IsImageFormatException(int depth, bool interlaced)
    {
        byte[] png = WithDepth(depth, PngBuilder.Gray, interlaced).Build();
        for (int length = 0; length < png.Length; length++)
        {
            Assert.Throws<ImageFormatException>(() => LabelMapPng.Decode(png.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData(1, PngBuilder.Gray, false)]
    [InlineData(2, PngBuilder.Palette, true)]
    [InlineData(8, PngBuilder.Palette, false)]
    [InlineData(16, PngBuilder.Gray, true)]
    public void Decode_AnyBitFlipped_IsImageFormatException(int depth, int colorType, bool interlaced)
    {
        byte[] png = WithDepth(depth, colorType, interlaced).Build();
        for (int bit = 0; bit < 8 * png.Length; bit++)
        {
            byte[] flipped = WithByte(png, bit / 8, (byte)(1 << (bit % 8)));

            Assert.Throws<ImageFormatException>(() => LabelMapPng.Decode(flipped));
        }
    }

    [Fact]
    public void Decode_DataFlippedUnderRightChecksum_NeverThrowsAnythingElse()
    {
        PngBuilder builder = WithDepth(8, PngBuilder.Gray);
        byte[] good = builder.Build();
        int offset = 33;
        int length = BinaryPrimitives.ReadInt32BigEndian(good.AsSpan(offset));
        byte[] data = good[(offset + 8)..(offset + 8 + length)];
        int refused = 0;
        for (int bit = 0; bit < 8 * length; bit++)
        {
            byte[] png = Png(("IHDR", builder.Header()), ("IDAT", WithByte(data, bit / 8, (byte)(1 << (bit % 8)))), ("IEND", []));
            if (Record.Exception(() => LabelMapPng.Decode(png)) is { } e)
            {
                Assert.IsType<ImageFormatException>(e);
                refused++;
            }
        }

        Assert.InRange(refused, 8 * length * 9 / 10, 8 * length); // a few bits of the zlib header may vary
    }

    private static PngBuilder Gray(int surplus = 0, int filter = 0, (uint Width, uint Height)? claimed = null, bool interlaced = false) => new()
    {
        Width = 4,
        Height = 3,
        BitDepth = 8,
        ColorType = PngBuilder.Gray,
        Samples = [.. Enumerable.Range(0, 12).Select(i => (ushort)i)],
        SurplusBytes = surplus,
        Filter = _ => filter,
        ClaimedSize = claimed,
        Interlaced = interlaced,
    };

    private static PngBuilder WithDepth(int depth, int colorType, bool interlaced = false) => new()
    {
        Width = 11,
        Height = 5,
        BitDepth = depth,
        ColorType = colorType,
        Interlaced = interlaced,
        Samples = [.. Enumerable.Range(0, 55).Select(i => (ushort)(i * 7919 % (1 << depth)))],
        Filter = row => row % 5,
        Colors = colorType == PngBuilder.Palette ? new byte[3 << depth] : null,
    };

    private static byte[] Png(params (string Type, byte[] Data)[] chunks) =>
        [.. PngBuilder.Signature, .. chunks.SelectMany(chunk => PngBuilder.Chunk(chunk.Type, chunk.Data))];

    private static byte[] WithHeader(Action<byte[]> change)
    {
        byte[] header = Gray().Header();
        change(header);
        return Png(("IHDR", header));
    }

    private static byte[] WithBadAdler()
    {
        byte[] data = PngBuilder.Zlib(new byte[15]);
        data[^1] ^= 1;
        return Png(("IHDR", Gray().Header()), ("IDAT", data), ("IEND", []));
    }

    private static byte[] WithByte(byte[] bytes, int index, byte flip)
    {
        byte[] changed = [.. bytes];
        changed[index] ^= flip;
        return changed;
    }
}
