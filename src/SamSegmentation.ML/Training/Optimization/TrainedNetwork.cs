using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Optimization;

/// <summary>
/// A network of which some parameters are trained and the others frozen; disposed, every parameter wants a gradient as it
/// did before.
/// </summary>
internal sealed class TrainedNetwork : IDisposable
{
    private const string Encoder = "image_encoder.";
    private const string Adapters = "adapters.";
    private const string Hypernetworks = "mask_decoder.output_hypernetworks_mlps.";
    private const string IouHead = "mask_decoder.iou_prediction_head.";

    private readonly SemanticSam _model;
    private readonly TrainedParts _parts;
    private readonly (Parameter Parameter, bool Before)[] _all;

    public TrainedNetwork(SemanticSam model, TrainedParts parts)
    {
        _model = model;
        _parts = parts;
        var named = model.named_parameters().ToArray();
        _all = [.. named.Select(pair => (pair.parameter, pair.parameter.requires_grad))];
        Parameters = [.. named.Where(pair => IsTrained(pair.name))];
        foreach (var (name, parameter) in named)
            parameter.requires_grad = IsTrained(name);
    }

    /// <summary>The trained parameters by their names.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters { get; }

    /// <summary>Puts what is trained into training mode and the rest into evaluation mode.</summary>
    public void BeginSteps()
    {
        _model.eval();
        _model.mask_decoder?.train();
        _model.semantic_head?.train();
        _model.feature_fusion?.train();
        if (_parts == TrainedParts.Everything)
            _model.image_encoder.train();
    }

    /// <summary>Puts all of the network into evaluation mode.</summary>
    public void EndSteps() => _model.eval();

    /// <summary>A trained parameter that is not finite; null when all are.</summary>
    public string? FindNotFinite()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Parameters.FirstOrDefault(pair => !pair.Parameter.isfinite().all().ToBoolean()).Name;
    }

    public void Dispose()
    {
        EndSteps();
        foreach (var (parameter, before) in _all)
            parameter.requires_grad = before;
    }

    private bool IsTrained(string name) => _parts switch
    {
        TrainedParts.Hypernetworks => Begins(name, Hypernetworks),
        TrainedParts.Decoder => IsHead(name),
        TrainedParts.DecoderAndAdapters => IsHead(name) || Begins(name, Adapters),
        TrainedParts.Everything => IsHead(name) || Begins(name, Encoder) || Begins(name, Adapters),
        _ => throw new InvalidOperationException($"Nothing is known of {_parts}."),
    };

    // No loss reaches the prompt encoder but for its dense embedding, nor the IoU head.
    private bool IsHead(string name) =>
        _model.Head.Parts.Any(part => part != HeadConfig.Prompts && Begins(name, part)) && !Begins(name, IouHead);

    private static bool Begins(string name, string part) => name.StartsWith(part, StringComparison.Ordinal);
}
