using SamSegmentation.Cli.Configuration;

namespace SamSegmentation.Cli.Migration;

/// <summary>The reference's file in this program's settings.</summary>
/// <param name="File">The settings; each stands where the reference's key stood.</param>
/// <param name="Notes">What each of the reference's keys became, in the file's order.</param>
internal sealed record TranslatedFile(ConfigNode.Mapping File, IReadOnlyList<string> Notes);
