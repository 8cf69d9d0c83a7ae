using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.NN;

public sealed class ModuleTests
{
    [Fact]
    public void RegisterComponents_TakesTheFieldsNames()
    {
        using var network = new Network();
        Assert.Equal(
            ["scale", "first.weight", "first.bias", "blocks.0.weight", "blocks.0.bias", "blocks.1.weight"],
            network.named_parameters().Select(p => p.name));
        Assert.Equal(["offset"], network.named_buffers().Select(b => b.name));
        Assert.Equal(["first", "blocks"], network.named_children().Select(c => c.name));
        Assert.Equal(["first", "blocks", "blocks.0", "blocks.1"], network.named_modules().Select(m => m.name));
        Assert.Equal(["scale"], network.named_parameters(recurse: false).Select(p => p.name));
    }

    [Fact]
    public void StateDict_HoldsParametersAndBuffers_NotCopies()
    {
        using var network = new Network();
        var state = network.state_dict();
        Assert.Equal(
            ["blocks.0.bias", "blocks.0.weight", "blocks.1.weight", "first.bias", "first.weight", "offset", "scale"],
            state.Keys.Order(StringComparer.Ordinal));
        using (no_grad())
            state["scale"].fill_(7);
        Assert.Equal(7, TensorAssert.Values(network.get_parameter("scale")!)[0]);
    }

    [Fact]
    public void LoadStateDict_CopiesValues()
    {
        using var scope = NewDisposeScope();
        using var network = new Network();
        var state = network.state_dict().ToDictionary(entry => entry.Key, entry => full_like(entry.Value, 3));
        network.load_state_dict(state);
        foreach (var (_, parameter) in network.named_parameters())
        {
            Assert.All(TensorAssert.Values(parameter), value => Assert.Equal(3, value));
            Assert.True(parameter.requires_grad);
        }
        state["scale"].fill_(9);
        Assert.Equal(3, TensorAssert.Values(network.get_parameter("scale")!)[0]);
    }

    [Fact]
    public void LoadStateDict_Strict_RefusesOtherNames()
    {
        using var scope = NewDisposeScope();
        using var network = new Network();
        var state = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        state.Remove("scale");
        state["surplus"] = zeros(1);
        Assert.Throws<InvalidOperationException>(() => network.load_state_dict(state));
        var (missing, unexpected) = network.load_state_dict(state, strict: false);
        Assert.Equal(["scale"], missing);
        Assert.Equal(["surplus"], unexpected);
    }

    [Fact]
    public void TrainAndEval_ReachEveryPart()
    {
        using var network = new Network();
        Assert.True(network.training);
        network.eval();
        Assert.False(network.training);
        Assert.All(network.modules(), module => Assert.False(module.training));
        network.train();
        Assert.All(network.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void To_AType_ChangesEveryFloatingPointTensor()
    {
        using var scope = NewDisposeScope();
        using var network = new Network();
        network.to(ScalarType.Float64);
        Assert.All(network.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.All(network.parameters(), parameter => Assert.True(parameter.requires_grad));
        Assert.Equal(ScalarType.Float64, network.call(ones([2, 3], dtype: ScalarType.Float64)).dtype);
        Assert.Equal(ScalarType.Float64, network.to(CPU).call(ones([2, 3], dtype: ScalarType.Float64)).dtype);
    }

    [Fact]
    public void RequiresGrad_OfFrozenParts_LeavesThemWithoutGradient()
    {
        using var scope = NewDisposeScope();
        using var network = new Network();
        foreach (var parameter in network.First.parameters())
            parameter.requires_grad = false;
        network.call(ones(2, 3)).sum().backward();
        foreach (var (name, parameter) in network.named_parameters())
            Assert.Equal(!name.StartsWith("first", StringComparison.Ordinal), Gradient.Of(parameter.grad) is not null);
    }

    [Fact]
    public void Parameters_KeepTheirHandles()
    {
        using var network = new Network();
        Assert.Equal(network.parameters().Select(p => p.Handle), network.parameters().Select(p => p.Handle));
    }

    [Fact]
    public void SaveAndLoad_RoundTripAModule()
    {
        using var scope = NewDisposeScope();
        using var saved = new Network();
        using var loaded = new Network();
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        saved.save(writer);
        writer.Flush();
        memory.Position = 0;
        using var reader = new BinaryReader(memory);
        loaded.load(reader);
        foreach (var (name, tensor) in saved.state_dict())
            TensorAssert.Close(tensor, loaded.state_dict()[name], 0);
    }

    [Fact]
    public void Load_OfAnotherModule_IsAnError()
    {
        using var network = new Network();
        using var other = nn.Linear(2, 2);
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        other.save(writer);
        writer.Flush();
        memory.Position = 0;
        using var reader = new BinaryReader(memory);
        Assert.Throws<ArgumentException>(() => network.load(reader));
    }

    [Fact]
    public void RegisterModule_Twice_IsAnError()
    {
        using var network = new Network();
        using var other = nn.Linear(1, 1);
        Assert.Throws<InvalidOperationException>(() => network.register_module("first", other));
        Assert.Throws<ArgumentException>(() => network.register_module("a.b", other));
        network.register_module("second", other);
        Assert.Contains("second.weight", network.state_dict().Keys);
    }

    private sealed class Network : nn.Module<Tensor, Tensor>
    {
#pragma warning disable IDE1006 // fields give the state dictionary its names
        private readonly Parameter scale;
        private readonly Tensor offset;
        private readonly Linear first;
        private readonly ModuleList<nn.Module<Tensor, Tensor>> blocks;
#pragma warning restore IDE1006

        internal Network()
            : base(nameof(Network))
        {
            scale = nn.Parameter(ones(1));
            offset = zeros(1);
            first = nn.Linear(3, 2);
            blocks = nn.ModuleList<nn.Module<Tensor, Tensor>>(nn.Linear(2, 2), nn.Linear(2, 2, hasBias: false));
            RegisterComponents();
        }

        internal Linear First => first;

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var current = first.call(input) * scale + offset;
            foreach (var block in blocks)
                current = block.call(current);
            return current.MoveToOuterDisposeScope();
        }
    }
}
