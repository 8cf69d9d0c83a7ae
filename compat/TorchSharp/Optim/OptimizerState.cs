using System.Diagnostics.CodeAnalysis;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimiser remembers of one parameter.</summary>
public abstract class OptimizerState
{
    private protected OptimizerState()
    {
    }

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public virtual void to(Device device)
    {
    }

    internal abstract void Release();

    private protected static void Save(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    private protected static void Load(BinaryReader reader, ref Tensor? tensor, Device device)
    {
        if (reader.ReadBoolean())
        {
            using var loaded = TensorFormat.ReadNew(reader);
            Replace(ref tensor, loaded, device);
            return;
        }

        tensor?.Dispose();
        tensor = null;
    }

    /// <summary>Puts a copy of the source on the device into the slot; no dispose scope owns it.</summary>
    private protected static void Replace([NotNullIfNotNull(nameof(source))] ref Tensor? slot, Tensor? source, Device device)
    {
        var old = slot;
        slot = source?.to(source.dtype, device, copy: true).DetachFromDisposeScope();
        old?.Dispose();
    }

    private protected static bool Close(Tensor? a, Tensor? b) => a is null ? b is null : b is not null && a.allclose(b);
}
