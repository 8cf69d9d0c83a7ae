namespace SamSegmentation.ML.Reports.Runs;

/// <summary>The files of a run folder that a report is made of, and its own.</summary>
internal static class RunFiles
{
    public const string Log = "log.jsonl";
    public const string Images = "images.json";
    public const string Report = "report.html";
}
