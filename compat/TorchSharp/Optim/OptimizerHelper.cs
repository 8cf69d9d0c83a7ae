using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Optimisers with parameter groups, and TorchSharp's own file format of their state.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private protected OptimizerHelper()
    {
    }

    private protected Dictionary<nint, OptimizerState> States { get; } = [];

    public override IEnumerable<Parameter> parameters() => Groups.SelectMany(group => group.Parameters);

    public override void zero_grad()
    {
        foreach (var parameter in parameters())
        {
            using var gradient = parameter.grad;
            gradient?.zero_();
        }
    }

    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var mode = enable_grad();
            loss = closure();
        }

        using (no_grad())
        using (NewDisposeScope())
        {
            foreach (var group in Groups)
            {
                foreach (var parameter in group.Parameters)
                {
                    if (parameter.grad is { } gradient) Update(parameter, gradient, group, States[parameter.Handle]);
                }
            }
        }

        return loss;
    }

    public void to(Device device)
    {
        foreach (var parameter in parameters()) States[parameter.Handle].to(device);
    }

    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in Groups)
        {
            dictionary.Options.Add(group.Options!);
            dictionary.State.AddRange(group.Parameters.Select(parameter => States[parameter.Handle]));
        }

        return dictionary;
    }

    /// <summary>Takes over the options, and copies of the states, of another optimiser of the same kind.</summary>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        CheckCounts(own, state_dict.Options.Count, state_dict.State.Count);
        for (var n = 0; n < own.Options.Count; n++)
        {
            if (!ReferenceEquals(own.Options[n], state_dict.Options[n])) own.Options[n].LoadStateDict(state_dict.Options[n]);
        }

        for (var n = 0; n < own.State.Count; n++)
        {
            if (!ReferenceEquals(own.State[n], state_dict.State[n])) own.State[n].LoadStateDict(state_dict.State[n]);
        }
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        writer.Write(GetType().Name);
        var dictionary = state_dict();
        TensorFormat.WriteNumber(writer, dictionary.Options.Count);
        TensorFormat.WriteNumber(writer, dictionary.State.Count);
        foreach (var options in dictionary.Options) options.SaveStateDict(writer);
        foreach (var state in dictionary.State) state.SaveStateDict(writer);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var kind = reader.ReadString();
        if (kind != GetType().Name)
            throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{kind}' in the loaded stream.");
        var own = state_dict();
        var groups = TensorFormat.ReadNumber(reader);
        var states = TensorFormat.ReadNumber(reader);
        CheckCounts(own, groups, states);
        foreach (var options in own.Options) options.LoadStateDict(reader);
        foreach (var state in own.State) state.LoadStateDict(reader);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        foreach (var state in States.Values) state.Release();
        States.Clear();
    }

    /// <summary>The optimiser's rule, for one parameter that has a gradient.</summary>
    private protected abstract void Update(Parameter parameter, Tensor gradient, ParamGroup group, OptimizerState state);

    private static void CheckCounts(StateDictionary own, long groups, long states)
    {
        if (groups != own.Options.Count) throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        if (states != own.State.Count) throw new ArgumentException("Invalid optimizer state -- different number of states.");
    }
}
