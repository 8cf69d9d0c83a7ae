using TorchSharp.Utils;

namespace TorchSharp;

public static partial class TensorExtensionMethods
{
    public static void Save(this torch.Tensor tensor, BinaryWriter writer) => TensorFormat.Write(writer, tensor);

    public static void Load(this torch.Tensor tensor, BinaryReader reader, bool skip = false) => TensorFormat.Read(reader, skip ? null : tensor);

    public static void Load(ref torch.Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        if (tensor is null && !skip) tensor = TensorFormat.ReadNew(reader);
        else TensorFormat.Read(reader, skip ? null : tensor);
    }
}
