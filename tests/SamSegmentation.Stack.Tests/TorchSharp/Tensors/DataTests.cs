using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Tensors;

public sealed class DataTests
{
    [Fact]
    public void Data_OfANonContiguousTensor_ComesRowByRow()
    {
        using var turned = arange(6).reshape(2, 3).transpose(0, 1);
        Assert.Equal([0, 3, 1, 4, 2, 5], turned.data<long>().ToArray());
        Assert.Equal(4, turned.data<long>()[1, 1]);
        Assert.Equal(6, turned.data<long>().Count);
    }

    [Fact]
    public void Data_OfAnotherType_IsAnError()
    {
        using var made = zeros(2);
        Assert.Throws<ArgumentException>(() => made.data<double>());
        Assert.Throws<ArgumentException>(() => made.data<int>());
    }

    [Fact]
    public void Data_WritesIntoTheTensor()
    {
        using var made = zeros(2, 2);
        made.data<float>()[1, 0] = 4;
        made.data<float>().CopyFrom([1, 2], 0, 0);
        TensorAssert.Equal([1, 2, 4, 0], made);
    }

    [Fact]
    public void Item_OfOneElement_IsItsValue()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(2.5f, tensor(new[] { 2.5f }).item<float>());
        Assert.Equal((byte)200, tensor(new byte[] { 200 }).item<byte>());
        Assert.ThrowsAny<ArgumentException>(() => zeros(2).item<float>());
        Assert.Equal(2.5, tensor(2.5).ToDouble());
        Assert.Equal(2.5f, (float)tensor(2.5f));
        Assert.Equal(3, tensor(3L).ToInt32());
        Assert.True(tensor(true).ToBoolean());
    }

    [Fact]
    public void Bytes_AreTheTensorsMemory()
    {
        using var made = tensor(new short[] { 1, 258 });
        Assert.Equal([1, 0, 2, 1], made.bytes.ToArray());
        made.bytes = new byte[] { 3, 0, 4, 0 };
        TensorAssert.Equal([3, 4], made);
    }

    [Fact]
    public void Half_KeepsItsBits()
    {
        using var half = tensor(new[] { 1f, -2f, 65504f }).to_type(ScalarType.Float16);
        byte[] bytes = half.bytes.ToArray();
        Assert.Equal([0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b], bytes);
        TensorAssert.Equal([1, -2, 65504], half);
    }

    [Fact]
    public void Clone_HasItsOwnMemory_AliasDoesNot()
    {
        using var scope = NewDisposeScope();
        var a = zeros(2);
        var copy = a.clone();
        var other = a.alias();
        a.fill_(1);
        TensorAssert.Equal([0, 0], copy);
        TensorAssert.Equal([1, 1], other);
    }

    [Fact]
    public void SaveAndLoad_RoundTripEveryType()
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[]
        {
            ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16,
            ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64, ScalarType.Bool,
        })
        {
            var saved = arange(6).reshape(2, 3).transpose(0, 1).to_type(type).contiguous();
            using var memory = new MemoryStream();
            using var writer = new BinaryWriter(memory);
            saved.Save(writer);
            writer.Flush();
            memory.Position = 0;
            var loaded = zeros([3, 2], dtype: type);
            using var reader = new BinaryReader(memory);
            loaded.Load(reader);
            TensorAssert.Close(saved, loaded, 0);
        }
    }

    [Fact]
    public void Load_IntoAnotherShapeOrType_IsAnError()
    {
        using var scope = NewDisposeScope();
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        zeros(2, 3).Save(writer);
        writer.Flush();
        foreach (var target in new[] { zeros(3, 2), zeros([2, 3], dtype: ScalarType.Float64) })
        {
            memory.Position = 0;
            Assert.ThrowsAny<ArgumentException>(() => target.Load(new BinaryReader(memory)));
        }
    }
}
