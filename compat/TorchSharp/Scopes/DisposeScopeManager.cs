namespace TorchSharp;

/// <summary>Knows the innermost scope of each thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? t_instance;

    public static ThreadDisposeScopeStatistics Statistics => Current.Counts;

    internal static DisposeScopeManager Current => t_instance ??= new DisposeScopeManager();

    internal ThreadDisposeScopeStatistics Counts { get; } = new();

    internal DisposeScope? Innermost { get; private set; }

    internal DisposeScope Open() => Innermost = new DisposeScope(this, Innermost);

    internal DisposeScope? Register(IDisposable disposable)
    {
        if (Innermost is null)
        {
            Counts.CreatedOutsideScopeCount++;
            return null;
        }

        Counts.CreatedInScopeCount++;
        Innermost.Add(disposable);
        return Innermost;
    }

    /// <summary>Scopes are usually closed innermost first; one that is closed earlier is taken out of the chain.</summary>
    internal void Close(DisposeScope scope)
    {
        if (ReferenceEquals(Innermost, scope))
        {
            Innermost = scope.Outer;
            return;
        }

        for (var inner = Innermost; inner is not null; inner = inner.Outer)
        {
            if (!ReferenceEquals(inner.Outer, scope)) continue;
            inner.Outer = scope.Outer;
            return;
        }
    }
}
