using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Reads one component of a model file, and the components and streams beside it.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    public const string ModelStreamName = "Model.key";

    public readonly RepositoryReader Repository;
    public readonly string Directory;
    public readonly BinaryReader Reader;
    public readonly string[] Strings;
    public readonly string LoaderAssemblyName;
    public readonly long FpMin;
    internal ModelHeader Header;

    private readonly IExceptionContext _context;

    internal ModelLoadContext(RepositoryReader repository, Repository.Entry entry, string directory)
    {
        Repository = repository;
        Directory = directory;
        _context = repository.ExceptionContext;
        Reader = new BinaryReader(entry.Stream, Encoding.UTF8, leaveOpen: true);
        FpMin = entry.Stream.Position;
        Header = ModelHeader.Read(Reader);
        Contracts.CheckDecode(null, FpMin + Header.FpLim <= entry.Stream.Length, "Corrupt file header");
        Strings = ReadStrings();
        LoaderAssemblyName = ReadLoaderAssemblyName();
        Seek(Header.FpTail);
        Contracts.CheckDecode(null, Reader.ReadUInt64() == ModelHeader.TailSignatureValue, "Corrupt model file tail");
        Seek(Header.FpModel);
    }

    public bool InRepository => Repository is not null;

    public static bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader rep, string dir)
        where TRes : class
    {
        using var entry = rep.OpenEntryOrNull(dir, ModelStreamName);
        if (entry is null)
        {
            result = null;
            return false;
        }

        using var context = new ModelLoadContext(rep, entry, dir);
        result = context.Create<TRes>(env, typeof(TSig)) ?? throw env.ExceptDecode($"Couldn't load model: '{dir}'");
        return true;
    }

    public static void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader rep, string dir)
        where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out result, rep, dir))
            throw env.ExceptDecode("Corrupt model file");
    }

    public bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, string name)
        where TRes : class =>
        LoadModelOrNull<TRes, TSig>(env, out result, Repository, Path.Combine(Directory ?? "", name));

    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name)
        where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out result, name))
            throw _context.ExceptDecode("Corrupt model file");
    }

    public bool TryProcessSubModel(string dir, Action<ModelLoadContext> action)
    {
        _context.CheckNonEmpty(dir, nameof(dir));
        var path = Path.Combine(Directory ?? "", dir);
        using var entry = Repository.OpenEntryOrNull(path, ModelStreamName);
        if (entry is null)
            return false;
        using var context = new ModelLoadContext(Repository, entry, path);
        action(context);
        return true;
    }

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        _context.CheckNonEmpty(name, nameof(name));
        _context.CheckValue(action, nameof(action));
        using var entry = Repository.OpenEntryOrNull(Directory, name);
        if (entry is null)
            return false;
        using var reader = new BinaryReader(entry.Stream, Encoding.UTF8, leaveOpen: true);
        action(reader);
        return true;
    }

    public void CheckAtModel() => _context.Check(Reader.BaseStream.Position == FpMin + Header.FpModel, "The component has been read from already");

    public void CheckAtModel(VersionInfo ver)
    {
        CheckAtModel();
        Header.CheckVersionInfo(ver);
    }

    public void CheckVersionInfo(VersionInfo ver) => Header.CheckVersionInfo(ver);

    public string LoadString()
    {
        var id = Reader.ReadInt32();
        _context.CheckDecode(id >= 0 && id < Strings.Length, "Corrupt model file: there is no such string");
        return Strings[id];
    }

    public string LoadStringOrNull()
    {
        var id = Reader.ReadInt32();
        _context.CheckDecode(id >= -1 && id < Strings.Length, "Corrupt model file: there is no such string");
        return id < 0 ? null : Strings[id];
    }

    public string LoadNonEmptyString()
    {
        var text = LoadString();
        _context.CheckDecode(text.Length > 0, "Corrupt model file: a string is empty");
        return text;
    }

    /// <summary>The component must have been read to its end.</summary>
    public void Done()
    {
        Contracts.CheckDecode(null, Reader.BaseStream.Position == FpMin + Header.FpModel + Header.CbModel, "Corrupt model file: a component has bytes left");
        Dispose();
    }

    public void Dispose() => Reader.Dispose();

    private TRes Create<TRes>(IHostEnvironment env, Type signature)
        where TRes : class
    {
        if (!string.IsNullOrEmpty(LoaderAssemblyName))
            env.ComponentCatalog.RegisterAssembly(LoaderAssembly.Load(LoaderAssemblyName));
        foreach (var name in new[] { Header.LoaderSignature, Header.LoaderSignatureAlt })
        {
            if (name.Length > 0 && env.ComponentCatalog.TryCreateInstance(env, signature, name, this, out var instance) && instance is TRes result)
            {
                Done();
                return result;
            }
        }

        return null;
    }

    private string[] ReadStrings()
    {
        var strings = new string[Header.CbStringTable / sizeof(long)];
        if (strings.Length == 0)
            return strings;
        Seek(Header.FpStringTable);
        var ends = Array.ConvertAll(strings, _ => Reader.ReadInt64());
        Contracts.CheckDecode(null, ends[^1] == Header.CbStringChars, "Corrupt model file: strings");
        long start = 0;
        for (var i = 0; i < strings.Length; i++)
        {
            Contracts.CheckDecode(null, ends[i] >= start && ends[i] <= Header.CbStringChars && ends[i] % 2 == 0, "Corrupt model file: strings");
            strings[i] = Encoding.Unicode.GetString(Reader.ReadBytes((int)(ends[i] - start)));
            start = ends[i];
        }

        return strings;
    }

    private string ReadLoaderAssemblyName()
    {
        if (Header.FpAssemblyName == 0)
            return null;
        Seek(Header.FpAssemblyName);
        return Encoding.Unicode.GetString(Reader.ReadBytes((int)Header.CbAssemblyName));
    }

    private void Seek(long offset) => Reader.BaseStream.Position = FpMin + offset;
}
