namespace SamSegmentation.Cli.Configuration;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class Spelling
{
    /// <summary>Words the guess for an error message.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="known">What may be written.</param>
    /// <returns><c> (did you mean 'epochs'?)</c>, or nothing when no name is near.</returns>
    public static string DidYouMean(string name, IEnumerable<string> known) =>
        Nearest(name, known) is { } guess ? $" (did you mean '{guess}'?)" : "";

    /// <summary>The known name that is fewest edits away, if that is at most a third of the name's length.</summary>
    /// <inheritdoc cref="DidYouMean"/>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        var fewest = Math.Max(1, name.Length / 3);
        foreach (var candidate in known)
        {
            var edits = Distance(Plain(name), Plain(candidate));
            if (edits < fewest || (edits == fewest && nearest is null))
                (nearest, fewest) = (candidate, edits);
        }
        return nearest;
    }

    private static string Plain(string name) => name.ToLowerInvariant().Replace('-', '_');

    /// <summary>The number of letters to insert, remove, replace or swap with their neighbour (optimal string alignment).</summary>
    /// <param name="a">One word.</param>
    /// <param name="b">The other.</param>
    public static int Distance(string a, string b)
    {
        var edits = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }
                var replace = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(replace, Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        }
        return edits[a.Length, b.Length];
    }
}
