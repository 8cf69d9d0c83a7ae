namespace Microsoft.ML.Runtime;

/// <summary>May add to exceptions before they are thrown.</summary>
public interface IExceptionContext
{
    string ContextDescription { get; }

    TException Process<TException>(TException ex)
        where TException : Exception;
}
