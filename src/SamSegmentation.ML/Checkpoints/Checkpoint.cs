using System.Collections.ObjectModel;
using System.Security.Cryptography;
using SamSegmentation.ML.Checkpoints.PyTorch;
using SamSegmentation.ML.Checkpoints.Safetensors;
using SamSegmentation.ML.Checkpoints.Storage;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints;

/// <summary>
/// An open checkpoint file: PyTorch's .pth in either format, or safetensors, told apart by content. Opening reads and
/// checks the structure alone; each tensor is read when it is asked for. Nothing in a file is ever executed.
/// </summary>
/// <remarks><see cref="Read"/> may be called from several threads. The file must not change while it is open.</remarks>
public sealed class Checkpoint : IDisposable
{
    private readonly CheckpointFile _file;
    private readonly Dictionary<string, StoredTensor> _tensors;

    private Checkpoint(CheckpointFile file, CheckpointFormat format, CheckpointContents contents)
    {
        _file = file;
        Format = format;
        Metadata = contents.Metadata;
        _tensors = contents.Tensors.ToDictionary(tensor => tensor.Entry.Name, StringComparer.Ordinal);
        Entries = new ReadOnlyDictionary<string, CheckpointEntry>(
            contents.Tensors.ToDictionary(tensor => tensor.Entry.Name, tensor => tensor.Entry, StringComparer.Ordinal));
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>How the file is laid out.</summary>
    public CheckpointFormat Format { get; }

    /// <summary>The tensors by name, in the file's order.</summary>
    public IReadOnlyDictionary<string, CheckpointEntry> Entries { get; }

    /// <summary>What the file holds beside tensors: a safetensors file's metadata; texts and numbers in a .pth.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a checkpoint and checks its structure.</summary>
    /// <param name="path">The file; its extension does not matter.</param>
    /// <exception cref="CheckpointFormatException">The file is damaged, of no known format, or holds what is refused.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static Checkpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Checkpoints are little-endian; big-endian machines are not supported.");
        var file = new CheckpointFile(path);
        try
        {
            var format = Sniff(file);
            var contents = format switch
            {
                CheckpointFormat.Safetensors => SafetensorsReader.Read(file),
                CheckpointFormat.PyTorchZip => ZipCheckpointReader.Read(file),
                _ => LegacyCheckpointReader.Read(file),
            };
            return new Checkpoint(file, format, contents);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads one tensor.</summary>
    /// <param name="name">A key of <see cref="Entries"/>.</param>
    /// <returns>A contiguous tensor on the CPU in the stored dtype; the caller disposes it.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="CheckpointFormatException">The file was shortened since it was opened.</exception>
    public Tensor Read(string name)
    {
        if (!_tensors.TryGetValue(name, out var stored))
            throw new KeyNotFoundException($"Checkpoint '{Path}' has no tensor '{name}'; it has {_tensors.Count} others.");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var place = $"tensor '{name}'";
        // torch.bool may only hold 0 and 1, so a stored bool is read as bytes and compared.
        var isBool = stored.Entry.DType == ScalarType.Bool;
        var tensor = empty([stored.Extent], dtype: isBool ? ScalarType.Byte : stored.Entry.DType, device: CPU);
        TensorBytes.ForEachChunk(tensor, (bytes, position) => _file.Read(stored.Offset + position, bytes, place));
        long[] shape = [.. stored.Entry.Shape];
        tensor = stored.Strides is null ? tensor.view(shape) : tensor.as_strided(shape, stored.Strides).contiguous();
        return (isBool ? tensor.ne(0) : tensor).MoveToOuterDisposeScope();
    }

    /// <summary>SHA-256 of the whole file, as lower-case hexadecimal digits.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (var position = 0L; position < _file.Length; position += buffer.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, _file.Length - position));
            _file.Read(position, part, $"byte {position}");
            hash.AppendData(part);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Closes the file. Tensors that were read stay.</summary>
    public void Dispose() => _file.Dispose();

    private static CheckpointFormat Sniff(CheckpointFile file)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(16, file.Length)];
        file.Read(0, start, "start of the file");
        if (SafetensorsReader.Sniff(start))
            return CheckpointFormat.Safetensors;
        if (ZipDirectory.Sniff(start))
            return CheckpointFormat.PyTorchZip;
        if (LegacyCheckpointReader.Sniff(start))
            return CheckpointFormat.PyTorchLegacy;
        throw file.Error("start of the file", $"{Convert.ToHexString(start)} is not how a safetensors or PyTorch file begins.");
    }
}
