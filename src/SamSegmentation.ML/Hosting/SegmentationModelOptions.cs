using System.ComponentModel.DataAnnotations;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Hosting;

/// <summary>A model that a host serves: one entry of the section <c>Models</c>.</summary>
public sealed class SegmentationModelOptions
{
    /// <summary>The model's file, as <see cref="Checkpoints.SegmentationModel.Load(string, string?, TorchSharp.torch.Device?)"/> takes it.</summary>
    [Required]
    public string Path { get; set; } = "";

    /// <summary>The file with the image encoder, for a checkpoint that holds the decoder alone.</summary>
    /// <value>The default is null: the model's file is whole.</value>
    public string? EncoderCheckpoint { get; set; }

    /// <summary>Where the network runs: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <value>The default is <c>auto</c>: the first CUDA device if there is one, else the CPU.</value>
    [Required]
    [DeviceName]
    public string Device { get; set; } = "auto";

    /// <summary>Whether predictions carry the probabilities of all classes: 4 bytes × classes × height × width.</summary>
    /// <value>The default is false.</value>
    public bool WithProbabilities { get; set; }

    /// <summary>How often, and at which sizes, the network looks at an image.</summary>
    /// <value>The default is <see cref="InferenceOptions.Default"/>: one pass.</value>
    [Required]
    [SoundInference]
    // An instance of its own, because a binder writes into it.
    public InferenceOptions Inference { get; set; } = new();

    /// <summary>Requests that run in the network at once; further ones wait for their turn.</summary>
    /// <value>The default is 1: one already uses all cores, and memory grows with each. At least 1.</value>
    [Range(1, int.MaxValue)]
    public int MaxConcurrency { get; set; } = 1;

    /// <summary>Whether the model is loaded anew when its file changes.</summary>
    /// <value>The default is true.</value>
    public bool ReloadOnChange { get; set; } = true;

    /// <summary>How long the file must have been left alone before it is loaded anew.</summary>
    /// <value>The default is 1 second; at most 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ReloadDelay { get; set; } = TimeSpan.FromSeconds(1);
}
