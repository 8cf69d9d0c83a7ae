namespace SamSegmentation.Cli;

/// <summary>What the process answers to its caller.</summary>
internal static class ExitCode
{
    /// <summary>Everything was done.</summary>
    public const int Done = 0;

    /// <summary>Something failed; the error output says what.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration file cannot be used; nothing was begun.</summary>
    public const int BadUsage = 2;

    /// <summary>The user stopped it: 128 + SIGINT, as shells expect.</summary>
    public const int Cancelled = 130;
}
