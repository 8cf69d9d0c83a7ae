using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Writes one component of a model file: its header, its bytes, its strings; and the components and streams beside it.</summary>
public sealed class ModelSaveContext : IDisposable
{
    internal readonly RepositoryWriter Repository;
    internal readonly string Directory;
    internal readonly BinaryWriter Writer;
    internal readonly long FpMin;
    internal ModelHeader Header;

    private readonly Repository.Entry _entry;
    private readonly IExceptionContext _context;
    private readonly List<string> _strings = [];
    private string _loaderAssemblyName;
    private bool _isClosed;

    internal ModelSaveContext(RepositoryWriter repository, string directory, string name)
    {
        Repository = repository;
        Directory = directory;
        _context = repository.ExceptionContext;
        _context.CheckNonEmpty(name, nameof(name));
        _entry = repository.CreateEntry(directory, name);
        Writer = new BinaryWriter(_entry.Stream, Encoding.UTF8, leaveOpen: true);
        FpMin = _entry.Stream.Position;
        Header = ModelHeader.New();
        // The place of the header, which is known only at the end.
        Writer.Write(new byte[ModelHeader.Size]);
    }

    internal bool InRepository => Repository is not null;

    public void Dispose()
    {
        // Called when the component is done, and again by whoever opened it.
        if (_isClosed)
            return;
        _isClosed = true;
        Writer.Dispose();
        _entry.Dispose();
    }

    internal static void SaveModel<T>(RepositoryWriter repository, T value, string path)
        where T : class
    {
        if (value is not ICanSaveModel model)
            return;
        using var context = new ModelSaveContext(repository, path, ModelLoadContext.ModelStreamName);
        model.Save(context);
        context.Done();
    }

    internal void SaveModel<T>(T value, string name)
        where T : class =>
        SaveModel(Repository, value, Path.Combine(Directory ?? "", name));

    internal void SaveSubModel(string dir, Action<ModelSaveContext> fn)
    {
        _context.CheckNonEmpty(dir, nameof(dir));
        using var context = new ModelSaveContext(Repository, Path.Combine(Directory ?? "", dir), ModelLoadContext.ModelStreamName);
        fn(context);
        context.Done();
    }

    internal void CheckAtModel() => _context.Check(Writer.BaseStream.Position == FpMin + Header.FpModel, "The component has been written to already");

    internal void SetVersionInfo(VersionInfo ver)
    {
        Header.SetVersionInfo(ver);
        _loaderAssemblyName = ver.LoaderAssemblyName;
    }

    internal void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        _context.CheckNonEmpty(name, nameof(name));
        _context.CheckValue(action, nameof(action));
        using var entry = Repository.CreateEntry(Directory, name);
        using var writer = new BinaryWriter(entry.Stream, Encoding.UTF8, leaveOpen: true);
        action(writer);
    }

    internal void SaveString(string str)
    {
        _context.CheckValue(str, nameof(str));
        Writer.Write(IdOf(str));
    }

    internal void SaveStringOrNull(string str) => Writer.Write(str is null ? -1 : IdOf(str));

    internal void SaveNonEmptyString(string str)
    {
        _context.CheckParam(!string.IsNullOrEmpty(str), nameof(str));
        Writer.Write(IdOf(str));
    }

    internal void Done()
    {
        _context.Check(Header.ModelSignature != 0, "ModelSignature not specified!");
        Header.CbModel = Position - Header.FpModel;
        WriteStrings();
        if (!string.IsNullOrEmpty(_loaderAssemblyName))
        {
            Header.FpAssemblyName = Position;
            Writer.Write(Encoding.Unicode.GetBytes(_loaderAssemblyName));
            Header.CbAssemblyName = (uint)(Position - Header.FpAssemblyName);
        }

        Header.FpTail = Position;
        Writer.Write(ModelHeader.TailSignatureValue);
        Header.FpLim = Position;
        Writer.BaseStream.Position = FpMin;
        Header.Write(Writer);
        Writer.BaseStream.Position = FpMin + Header.FpLim;
        Dispose();
    }

    private long Position => Writer.BaseStream.Position - FpMin;

    private void WriteStrings()
    {
        if (_strings.Count == 0)
            return;
        Header.FpStringTable = Position;
        long end = 0;
        foreach (var text in _strings)
            Writer.Write(end += Encoding.Unicode.GetByteCount(text));
        Header.FpStringChars = Position;
        Header.CbStringTable = Header.FpStringChars - Header.FpStringTable;
        foreach (var text in _strings)
            Writer.Write(Encoding.Unicode.GetBytes(text));
        Header.CbStringChars = Position - Header.FpStringChars;
    }

    private int IdOf(string text)
    {
        var id = _strings.IndexOf(text);
        if (id >= 0)
            return id;
        _strings.Add(text);
        return _strings.Count - 1;
    }
}
