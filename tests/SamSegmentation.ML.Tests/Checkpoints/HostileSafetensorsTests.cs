using System.Text;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Tests.Checkpoints.Files;
using Xunit;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>Safetensors files that break one rule of the format each.</summary>
public sealed class HostileSafetensorsTests : IDisposable
{
    private const string A = """ "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]} """;
    private const string B = """ "b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]} """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, byte[], string, string> Files()
    {
        var data = new TheoryData<string, byte[], string, string>();
        void Add(string name, string header, int dataBytes, string place, string reason) =>
            data.Add(name, File(Encoding.UTF8.GetBytes(header), new byte[dataBytes]), place, reason);
        void One(string name, string dtype, string shape, string offsets, int dataBytes, string reason) =>
            Add(name, $"{{\"a\":{{\"dtype\":{dtype},\"shape\":{shape},\"data_offsets\":{offsets}}}}}", dataBytes, "tensor 'a'", reason);

        One("unknown dtype", "\"F8_E4M3\"", "[1]", "[0,1]", 1, "'F8_E4M3' is none of F64, F32");
        One("dtype in small letters", "\"f32\"", "[1]", "[0,4]", 4, "'f32' is none of");
        One("dtype that is a number", "32", "[1]", "[0,4]", 4, "'Number' is none of");
        One("dtype that is null", "null", "[1]", "[0,4]", 4, "'Null' is none of");
        One("negative size", "\"F32\"", "[-2]", "[0,8]", 8, "shape must hold whole numbers from 0");
        One("minus zero", "\"F32\"", "[-0]", "[0,0]", 0, "shape must hold whole numbers from 0");
        One("size with a fraction", "\"F32\"", "[2.0]", "[0,8]", 8, "shape must hold whole numbers");
        One("size with an exponent", "\"F32\"", "[2e0]", "[0,8]", 8, "shape must hold whole numbers");
        One("size that is a text", "\"F32\"", "[\"2\"]", "[0,8]", 8, "shape must hold whole numbers");
        One("size of 64 bits", "\"F32\"", "[18446744073709551615]", "[0,8]", 8, "shape must hold whole numbers");
        One("shape that is a number", "\"F32\"", "2", "[0,8]", 8, "shape must be an array");
        One("shape that overflows", "\"F32\"", "[4294967296,4294967296]", "[0,0]", 0, "overflows 64 bits");
        One("shape that overflows to a small product", "\"U8\"", "[4611686018427387905,4]", "[0,4]", 4, "overflows 64 bits");
        One("empty shape that overflows", "\"U8\"", "[0,9223372036854775807,2]", "[0,0]", 0, "overflows 64 bits");
        One("33 dimensions", "\"U8\"", $"[{string.Join(",", Enumerable.Repeat(1, 33))}]", "[0,1]", 1, "more than 32 numbers");
        One("offsets of one number", "\"U8\"", "[1]", "[0]", 1, "must be [begin, end]");
        One("offsets of three numbers", "\"U8\"", "[1]", "[0,1,1]", 1, "must be [begin, end]");
        One("offsets in reverse", "\"U8\"", "[1]", "[1,0]", 1, "begin ≤ end");
        One("negative offset", "\"U8\"", "[1]", "[-1,0]", 1, "data_offsets must hold whole numbers");
        One("offsets that are an object", "\"U8\"", "[1]", "{}", 1, "data_offsets must be an array");
        One("fewer bytes than the shape", "\"F32\"", "[2]", "[0,7]", 7, "needs 8 bytes, but its data_offsets hold 7");
        One("more bytes than the shape", "\"F32\"", "[2]", "[0,9]", 9, "needs 8 bytes, but its data_offsets hold 9");
        One("scalar without bytes", "\"F32\"", "[]", "[0,0]", 0, "needs 4 bytes");
        One("end beyond the file", "\"F32\"", "[1000000000]", "[0,4000000000]", 8, "ends at byte 4000000000 of the data, of which the file has 8");
        One("end of 63 bits", "\"U8\"", "[9223372036854775807]", "[0,9223372036854775807]", 8, "ends at byte 9223372036854775807");
        One("hole before the first", "\"U8\"", "[8]", "[1,9]", 9, "leaves a hole before it");
        Add("hole between", $"{{{A},{B.Replace("8,11", "9,12")}}}", 12, "tensor 'b'", "leaves a hole before it; 8 was expected");
        Add("overlap", $"{{{A},{B.Replace("8,11", "7,10")}}}", 10, "tensor 'b'", "overlaps the tensor before it; 8 was expected");
        Add("the same bytes twice", $"{{{A},{A.Replace("\"a\"", "\"b\"")}}}", 8, "tensor 'b'", "overlaps");
        Add("empty tensor within another", $"{{{A},\"e\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[4,4]}}}}", 8, "tensor 'e'", "overlaps");
        Add("bytes behind the last", $"{{{A}}}", 9, "end of the data", "need 8 bytes, but the file has 9");
        Add("data without tensors", "{}", 1, "end of the data", "need 0 bytes, but the file has 1");

        Add("key twice", $"{{{A},{A}}}", 8, "header key 'a'", "occurs twice");
        Add("key twice by escapes", $"{{{A}," + """ "\u0061":{"dtype":"U8","shape":[0],"data_offsets":[8,8]}}""", 8, "header key 'a'", "occurs twice");
        Add("metadata twice", $"{{\"__metadata__\":{{}},{A},\"__metadata__\":{{}}}}", 8, "header key '__metadata__'", "occurs twice");
        Add("metadata key twice", """{"__metadata__":{"k":"1","k":"2"}}""", 0, "__metadata__ key 'k'", "occurs twice");
        Add("metadata that is a text", """{"__metadata__":"x"}""", 0, "__metadata__", "an object of strings");
        Add("metadata of a number", """{"__metadata__":{"k":1}}""", 0, "__metadata__ key 'k'", "not a Number");
        Add("metadata of null", """{"__metadata__":{"k":null}}""", 0, "__metadata__ key 'k'", "not a Null");
        Add("metadata of objects", """{"__metadata__":{"k":{}}}""", 0, "__metadata__ key 'k'", "not a StartObject");
        Add("field twice", """{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "tensor 'a'", "'dtype' occurs twice");
        Add("unknown field", """{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":0}}""", 0, "tensor 'a'", "'x' occurs twice or is not one of");
        Add("field missing", """{"a":{"dtype":"U8","shape":[0]}}""", 0, "tensor 'a'", "data_offsets is missing");
        Add("tensor that is a list", """{"a":[]}""", 0, "tensor 'a'", "must be an object");
        Add("tensor that is null", """{"a":null}""", 0, "tensor 'a'", "must be an object");

        Add("deep nesting", $"{{\"a\":{new string('[', 100_000)}{new string(']', 100_000)}}}", 0, "", "");
        Add("deep nesting of a shape", """{"a":{"dtype":"U8","shape":[[[[]]]],"data_offsets":[0,0]}}""", 0, "", "");
        Add("trailing comma", $"{{{A},}}", 8, "header", "not the JSON");
        Add("comment", $"{{/* */{A}}}", 8, "header", "not the JSON");
        Add("unquoted key", """{a:1}""", 0, "header", "not the JSON");
        Add("open object", $"{{{A}", 8, "header", "not the JSON");
        Add("two objects", "{}{}", 0, "header", "not the JSON");
        Add("zeros behind the object", "{}\0\0", 0, "header", "not the JSON");
        Add("text behind the object", "{} x", 0, "header", "not the JSON");
        Add("half a surrogate", """{"\ud800":{}}""", 0, "header", "not the JSON");
        data.Add("key that is no UTF-8", File([(byte)'{', (byte)'"', 0xc3, 0x28, (byte)'"', (byte)':', (byte)'1', (byte)'}'], []), "header", "not the JSON");
        data.Add("value that is no UTF-8", File([.. "{\"__metadata__\":{\"k\":\""u8, 0xff, .. "\"}}"u8], []), "header", "not the JSON");
        Add("space before the object", " {}", 0, "start of the file", "not how a safetensors");
        Add("byte-order mark", "\ufeff{}", 0, "start of the file", "not how a safetensors");
        Add("array", "[]", 0, "start of the file", "not how a safetensors");

        data.Add("header beyond the file", [.. BitConverter.GetBytes(100L), .. "{}"u8], "header length", "claims 100 bytes, but 2 follow");
        data.Add("header of gigabytes", [.. BitConverter.GetBytes(3L << 30), .. "{}"u8], "header length", "claims 3221225472 bytes; the format allows 100000000");
        data.Add("header at the limit, beyond the file", [.. BitConverter.GetBytes(100_000_000L), .. "{}"u8], "header length", "claims 100000000 bytes, but 2 follow");
        data.Add("header one above the limit", [.. BitConverter.GetBytes(100_000_001L), .. "{}"u8], "header length", "the format allows 100000000");
        data.Add("header of 2^64 bytes", [.. BitConverter.GetBytes(-1L), .. "{}"u8], "header length", "claims 18446744073709551615 bytes");
        data.Add("header of no bytes", [.. BitConverter.GetBytes(0L), .. "{}"u8], "header", "does not begin with '{'");
        data.Add("header of one byte", [.. BitConverter.GetBytes(1L), .. "{}"u8], "header", "not the JSON");
        data.Add("length alone", BitConverter.GetBytes(2L), "start of the file", "not how a safetensors");
        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Open_HostileFile_IsRefused(string name, byte[] file, string place, string reason) =>
        HostileFile.AssertRefused(_folder.Write($"{name.Replace(' ', '-').Replace('^', '-')}.safetensors", file), place, reason);

    [Theory]
    [InlineData("{}", 0, 0)]
    [InlineData("{}        ", 0, 0)]
    [InlineData("""{"__metadata__":{}}""", 0, 0)]
    [InlineData("{" + A + "}", 8, 1)]
    [InlineData("{" + B + "," + A + "}", 11, 2)]
    [InlineData("""{"e":{"dtype":"I64","shape":[3,0],"data_offsets":[0,0]},"f":{"data_offsets":[0,0],"shape":[0],"dtype":"BOOL"}}""", 0, 2)]
    [InlineData("""{"":{"dtype":"BF16","shape":[],"data_offsets":[0,2]}}""", 2, 1)]
    public void Open_SoundFile_IsRead(string header, int dataBytes, int tensors)
    {
        var path = _folder.Write("x.safetensors", File(Encoding.UTF8.GetBytes(header), new byte[dataBytes]));

        using var checkpoint = Checkpoint.Open(path);

        Assert.Equal(tensors, checkpoint.Entries.Count);
        foreach (var (name, entry) in checkpoint.Entries)
        {
            using var read = checkpoint.Read(name);
            Assert.Equal(entry.Shape, read.shape);
        }
    }

    [Fact]
    public void Open_EveryTruncation_IsRefused()
    {
        var file = File(Encoding.UTF8.GetBytes($"{{{A},{B}}}"), new byte[11]);
        for (var length = 0; length < file.Length; length++)
            Assert.False(HostileFile.OpensOrIsRefused(_folder.Write("x", file[..length])), $"A file cut to {length} of {file.Length} bytes was taken for a whole one.");
    }

    [Fact]
    public void Open_VeryLongNames_AreCutInTheMessage()
    {
        var name = new string('n', 1_000_000);
        HostileFile.AssertRefused(_folder.Write("x", File(Encoding.UTF8.GetBytes($"{{\"{name}\":1}}"), [])), "nnn…", "must be an object");
    }

    private static byte[] File(byte[] header, byte[] data) => [.. BitConverter.GetBytes((long)header.Length), .. header, .. data];
}
