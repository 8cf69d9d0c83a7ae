using SamSegmentation.Cli.Configuration;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training;

namespace SamSegmentation.Cli.Settings.Knobs;

/// <summary>The settings under <c>run</c> and <c>embeddings</c>.</summary>
internal static class RunKnobs
{
    /// <summary>What a training run writes.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Output { get; } =
    [
        SamSegKnobs.OfTraining(
            "run.folder", "Folder for checkpoints, model, TensorBoard events and log; none is a new folder in runs, named by the time.",
            ValueKinds.OptionalText("DIR"), options => options.RunFolder, (options, value) => options with { RunFolder = value }, nameof(TrainingOptions.RunFolder), "--run-folder"),
        SamSegKnobs.OfTraining(
            "run.resume", "Go on with the run in run.folder as if it had never stopped; without a run there, begin one.",
            ValueKinds.Flag, options => options.Resume, (options, value) => options with { Resume = value }, nameof(TrainingOptions.Resume)),
        SamSegKnobs.OfTraining(
            "run.checkpoint_every", "Steps from one saved state to the next within an epoch, for resume; none is at each epoch's end alone, 0 is never.",
            ValueKinds.Optional(ValueKinds.Integer(0)), options => options.CheckpointEvery, (options, value) => options with { CheckpointEvery = value }, nameof(TrainingOptions.CheckpointEvery)),
        SamSegKnobs.OfTraining(
            "run.save_model", "Write model.safetensors, the whole network with its encoder, at the end.",
            ValueKinds.Flag, options => options.SaveModel, (options, value) => options with { SaveModel = value }, nameof(TrainingOptions.SaveModel)),
        SamSegKnobs.OfTraining(
            "run.images_logged", "Validation images that TensorBoard shows.",
            ValueKinds.Integer(0), options => options.ImagesLogged, (options, value) => options with { ImagesLogged = value }, nameof(TrainingOptions.ImagesLogged)),
        SamSegKnobs.OfTraining(
            "run.log_every", "Steps from one point of the logs to the next.",
            ValueKinds.Integer(1), options => options.LogEvery, (options, value) => options with { LogEvery = value }, nameof(TrainingOptions.LogEvery)),
    ];

    /// <summary>What a report shows, of a run or of an evaluation.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Report { get; } =
    [
        SamSegKnobs.OfTraining(
            "run.report_images", "Images that a report shows, as many of the worst as of the best; 0 looks at none.",
            ValueKinds.Integer(0), options => options.ReportImages, (options, value) => options with { ReportImages = value }, nameof(TrainingOptions.ReportImages)),
    ];

    /// <summary>The seed; a new network's weights depend on it.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Seed { get; } =
    [
        SamSegKnobs.OfTraining(
            "run.seed", "Seed of new weights, the images' order and how they vary.",
            ValueKinds.Integer(), options => options.Seed, (options, value) => options with { Seed = value }, nameof(TrainingOptions.Seed)),
    ];

    /// <summary>Where the network runs; of every command that runs one.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Machine { get; } =
    [
        SamSegKnobs.OfTraining(
            "run.device", "Where the network runs: auto, cpu, cuda or cuda:N.",
            ValueKinds.Text("DEVICE"), options => options.Device, (options, value) => options with { Device = value }, nameof(TrainingOptions.Device)),
        SamSegKnobs.OfTraining(
            "run.threads", "Threads of the CPU's arithmetic; none is torch's own choice.",
            ValueKinds.Optional(ValueKinds.Integer(1)), options => options.ThreadCount, (options, value) => options with { ThreadCount = value }, nameof(TrainingOptions.ThreadCount)),
        SamSegKnobs.OfTraining(
            "run.encoder_precision", "Number format in which the encoder multiplies; bfloat16 is for hardware that has it and a little slower elsewhere, float16 is for GPUs.",
            ValueKinds.Choice(("float32", EncoderPrecision.Float32), ("bfloat16", EncoderPrecision.BFloat16), ("float16", EncoderPrecision.Float16)),
            options => options.EncoderPrecision, (options, value) => options with { EncoderPrecision = value }, nameof(TrainingOptions.EncoderPrecision)),
    ];

    /// <summary>The cache of embeddings.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Embeddings { get; } =
    [
        SamSegKnobs.OfTraining(
            "embeddings.cache_folder", "Folder of the frozen encoder's embeddings, for any number of runs; none is a temporary one.",
            ValueKinds.OptionalText("DIR"), options => options.CacheFolder, (options, value) => options with { CacheFolder = value }, nameof(TrainingOptions.CacheFolder)),
        SamSegKnobs.OfTraining(
            "embeddings.reuse_cache", "Use the embeddings that are there; false computes all again.",
            ValueKinds.Flag, options => options.ReuseCache, (options, value) => options with { ReuseCache = value }, nameof(TrainingOptions.ReuseCache)),
        SamSegKnobs.OfTraining(
            "embeddings.dtype", "Number format of the embeddings on disk.",
            ValueKinds.Choice(("float16", EmbeddingDType.Float16), ("float32", EmbeddingDType.Float32)),
            options => options.EmbeddingDType, (options, value) => options with { EmbeddingDType = value }, nameof(TrainingOptions.EmbeddingDType), "--embedding-dtype"),
        SamSegKnobs.OfTraining(
            "embeddings.encoder_batch_size", "Images that the frozen encoder takes at once; none is 1 on the CPU and training's batch size on a GPU.",
            ValueKinds.Optional(ValueKinds.Integer(1)), options => options.EncoderBatchSize, (options, value) => options with { EncoderBatchSize = value }, nameof(TrainingOptions.EncoderBatchSize)),
    ];
}
