namespace Microsoft.ML.Runtime;

/// <summary>A pipe of messages that nobody listens to; channel messages have <see cref="Channel"/>.</summary>
internal class Pipe<TMessage> : IPipe<TMessage>
{
    private readonly string _name;
    private readonly HostEnvironment _parent;

    public Pipe(HostEnvironment parent, string name)
    {
        _parent = parent;
        _name = name;
    }

    public string ContextDescription => FullName;

    protected string FullName => _parent.FullName is null ? _name : $"{_parent.FullName}; {_name}";

    public virtual void Send(TMessage msg)
    {
    }

    public virtual void Dispose()
    {
    }

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex is null)
            return ex;
        ex.Data["Throwing component"] = _parent.ShortName;
        ex.Data["Parent component"] = _parent.ParentFullName;
        ex.Data["Phase"] = _name;
        return Contracts.Mark(ex);
    }
}
