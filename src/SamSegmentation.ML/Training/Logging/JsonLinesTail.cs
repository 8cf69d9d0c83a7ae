using System.Text.Json;

namespace SamSegmentation.ML.Training.Logging;

/// <summary>Makes the end of a log fit to be written on.</summary>
internal static class JsonLinesTail
{
    /// <summary>
    /// Ends a last line that lacks only its line feed, removes one that was cut short, and returns the file's length.
    /// </summary>
    /// <exception cref="InvalidDataException">The file does not start as a log does; it is left as it is.</exception>
    internal static long Repair(FileStream stream)
    {
        if (stream.Length > 0 && stream.ReadByte() != '{')
            throw new InvalidDataException($"'{stream.Name}' is no log of JSON objects: its first character is not '{{'. It is left as it is.");
        long start = StartOfLastLine(stream);
        if (start == stream.Length)
            return start;
        var line = new byte[stream.Length - start];
        stream.Position = start;
        stream.ReadExactly(line);
        if (IsObject(line))
            stream.WriteByte((byte)'\n');
        else
            stream.SetLength(start);
        return stream.Length;
    }

    private static long StartOfLastLine(FileStream stream)
    {
        var block = new byte[4096];
        for (long end = stream.Length; end > 0; end -= Math.Min(end, block.Length))
        {
            var piece = block.AsSpan(0, (int)Math.Min(end, block.Length));
            stream.Position = end - piece.Length;
            stream.ReadExactly(piece);
            int feed = piece.LastIndexOf((byte)'\n');
            if (feed >= 0)
                return stream.Position - piece.Length + feed + 1;
        }
        return 0;
    }

    private static bool IsObject(byte[] line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
