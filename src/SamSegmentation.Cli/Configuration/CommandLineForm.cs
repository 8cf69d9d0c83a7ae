namespace SamSegmentation.Cli.Configuration;

/// <summary>How the command line writes a value that a file writes as a YAML node.</summary>
internal enum CommandLineForm
{
    /// <summary><c>--epochs 10</c>.</summary>
    Single,

    /// <summary><c>--average-metrics</c>, or with <c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary><c>--milestones 10,20</c>, or the option several times.</summary>
    List,

    /// <summary><c>--part mask_decoder.transformer:learning_rate=0.01,weight_decay=0</c>, once for each named section.</summary>
    Sections,
}
