using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The running means of a gradient and of its square, and with amsgrad the largest of the latter.</summary>
public abstract class AdamState : OptimizerState, IDisposable
{
    public long step;
    public Tensor exp_avg;
    public Tensor exp_avg_sq;
    public Tensor? max_exp_avg_sq;

    private readonly Parameter _parameter;

    private protected AdamState(Parameter parameter, bool amsgrad)
    {
        _parameter = parameter;
        exp_avg = zeros_like(parameter).DetachFromDisposeScope();
        exp_avg_sq = zeros_like(parameter).DetachFromDisposeScope();
        if (amsgrad) max_exp_avg_sq = zeros_like(parameter).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        exp_avg.Dispose();
        exp_avg_sq.Dispose();
        max_exp_avg_sq?.Dispose();
    }

    public override void to(Device device) => Replace(this, device);

    public override void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(step);
        exp_avg.Save(writer);
        exp_avg_sq.Save(writer);
        Save(writer, max_exp_avg_sq);
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        step = reader.ReadInt64();
        exp_avg.Load(reader);
        exp_avg_sq.Load(reader);
        Load(reader, ref max_exp_avg_sq, _parameter.device);
    }

    public override void LoadStateDict(OptimizerState source)
    {
        var other = (AdamState)source;
        step = other.step;
        Replace(other, _parameter.device);
    }

    public override bool ApproximatelyEquals(OptimizerState other) =>
        other is AdamState state && state.GetType() == GetType() && step == state.step &&
        Close(exp_avg, state.exp_avg) && Close(exp_avg_sq, state.exp_avg_sq) &&
        (max_exp_avg_sq is null || Close(max_exp_avg_sq, state.max_exp_avg_sq));

    internal override void Release() => Dispose();

    private void Replace(AdamState source, Device device)
    {
        Replace(ref exp_avg!, source.exp_avg, device);
        Replace(ref exp_avg_sq!, source.exp_avg_sq, device);
        Replace(ref max_exp_avg_sq, source.max_exp_avg_sq, device);
    }
}
