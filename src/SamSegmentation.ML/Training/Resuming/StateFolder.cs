using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SamSegmentation.ML.IO;

namespace SamSegmentation.ML.Training.Resuming;

/// <summary>
/// A run's states on disk, numbered as they were written. A state is <c>N.safetensors</c> and <c>N.optimizer</c>; it counts
/// from the moment at which <c>N.sha256</c> is there too, which names both with their checksums as sha256sum does. The state
/// before stays until then and one longer, so that there is always a whole one.
/// </summary>
/// <param name="path">The folder; made with the first state.</param>
internal sealed class StateFolder(string path)
{
    public const string Tensors = ".safetensors";
    public const string Optimizer = ".optimizer";
    private const string Checksums = ".sha256";

    // The last sound state, and the highest number of any file.
    private long? _newest;
    private long _highest = -1;

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Writes a state, then removes all but it and the sound one before it.</summary>
    /// <param name="tensors">Writes its tensors.</param>
    /// <param name="optimizer">Writes the optimiser's state; null for a state without.</param>
    /// <param name="alone">Whether the one before is removed too.</param>
    public void Write(Action<Stream> tensors, Action<Stream>? optimizer, bool alone = false)
    {
        var number = _highest + 1;
        var sums = new StringBuilder();
        Add(Tensors, tensors);
        if (optimizer is not null)
            Add(Optimizer, optimizer);
        AtomicFile.Write(PathOf(number, Checksums), sums.ToString());
        RemoveAllBut(number, alone ? null : _newest);
        (_newest, _highest) = (number, number);

        void Add(string kind, Action<Stream> write)
        {
            var file = PathOf(number, kind);
            AtomicFile.Write(file, stream =>
            {
                write(stream);
                stream.Position = 0;
                sums.Append(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(SHA256.HashData(stream))}  {System.IO.Path.GetFileName(file)}\n");
            });
        }
    }

    /// <summary>Finds the newest state whose checksums are right.</summary>
    /// <param name="damages">Takes what is wrong with newer ones.</param>
    /// <returns>Its number; null when there is none.</returns>
    public long? FindNewest(List<string> damages)
    {
        var files = Files().ToArray();
        _highest = files.Select(file => file.Number).DefaultIfEmpty(-1).Max();
        _newest = files
            .Where(file => file.Kind == Checksums)
            .Select(file => (long?)file.Number)
            .OrderDescending()
            .FirstOrDefault(number => IsSound(number!.Value, damages));
        return _newest;
    }

    /// <summary>The path of one of a state's files.</summary>
    public string PathOf(long number, string kind) => System.IO.Path.Combine(path, number.ToString("D6", CultureInfo.InvariantCulture) + kind);

    private bool IsSound(long number, List<string> damages)
    {
        var list = PathOf(number, Checksums);
        try
        {
            var lines = File.ReadAllLines(list);
            var expected = lines.Select(line => line.Split("  ", 2)).ToArray();
            if (expected.Length == 0 || expected.Any(pair => pair.Length != 2))
                return Damaged(list, "it is no list of checksums");
            foreach (var pair in expected)
            {
                var file = System.IO.Path.Combine(path, System.IO.Path.GetFileName(pair[1]));
                using var stream = File.OpenRead(file);
                var found = Convert.ToHexStringLower(SHA256.HashData(stream));
                if (found != pair[0])
                    return Damaged(file, $"its SHA-256 is {found}, '{list}' expects {pair[0]}");
            }
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Damaged(list, e.Message);
        }

        bool Damaged(string file, string why)
        {
            damages.Add($"'{file}' cannot be used: {why}");
            return false;
        }
    }

    private void RemoveAllBut(long number, long? other)
    {
        // The list first: a state without it does not count.
        foreach (var file in Files().Where(file => file.Number != number && file.Number != other).OrderBy(file => file.Kind != Checksums).ToArray())
            File.Delete(PathOf(file.Number, file.Kind));
    }

    private IEnumerable<(long Number, string Kind)> Files() =>
        from file in Directory.Exists(path) ? Directory.EnumerateFiles(path) : []
        let kind = System.IO.Path.GetExtension(file)
        where kind is Tensors or Optimizer or Checksums
        let name = System.IO.Path.GetFileNameWithoutExtension(file)
        where long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        select (long.Parse(name, CultureInfo.InvariantCulture), kind);
}
