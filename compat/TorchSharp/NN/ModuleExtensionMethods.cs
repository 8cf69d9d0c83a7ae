using static TorchSharp.torch;

namespace TorchSharp;

public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, Device device, ScalarType type) where T : nn.Module => Moved(module, device, type);

    public static T to<T>(this T module, ScalarType type) where T : nn.Module => Moved(module, null, type);

    public static T to<T>(this T module, Device device) where T : nn.Module => Moved(module, device, null);

    public static T to<T>(this T module, string device) where T : nn.Module => Moved(module, new Device(device), null);

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1) where T : nn.Module =>
        Moved(module, new Device(deviceType, deviceIndex), null);

    public static T to<T>(this T module, Tensor other) where T : nn.Module => Moved(module, other.device, other.dtype);

    public static T cpu<T>(this T module) where T : nn.Module => Moved(module, CPU, null);

    public static T cuda<T>(this T module, int deviceIndex = -1) where T : nn.Module => Moved(module, new Device(DeviceType.CUDA, deviceIndex), null);

    private static T Moved<T>(T module, Device? device, ScalarType? dtype) where T : nn.Module
    {
        module.Move(device, dtype);
        return module;
    }
}
