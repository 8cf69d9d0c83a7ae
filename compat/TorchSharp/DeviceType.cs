namespace TorchSharp;

/// <summary>libtorch's numbers of the kinds of device.</summary>
public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
    META = 14,
}
