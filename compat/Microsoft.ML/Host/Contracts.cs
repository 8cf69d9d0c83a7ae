using System.Globalization;

namespace Microsoft.ML.Runtime;

/// <summary>Argument and state checks. The context, when there is one, may add to the exception before it is thrown.</summary>
internal static class Contracts
{
    public const string SensitivityKey = "ML_Sensitivity";
    private const string IsMarkedKey = "ML_IsMarked";

    public static TException Process<TException>(this TException exception, IExceptionContext context)
        where TException : Exception =>
        context is null ? Mark(exception) : context.Process(exception);

    public static TException Mark<TException>(TException exception)
        where TException : Exception
    {
        exception.Data[IsMarkedKey] = 1;
        return exception;
    }

    public static bool IsMarked(this Exception exception) => exception.Data.Contains(IsMarkedKey);

    public static Exception Except(string message) => Except(null, message);

    public static Exception Except(this IExceptionContext context, string message) =>
        new InvalidOperationException(message).Process(context);

    public static Exception Except(this IExceptionContext context, Exception inner, string message) =>
        new InvalidOperationException(message, inner).Process(context);

    public static Exception ExceptParam(string name, string message) => ExceptParam(null, name, message);

    public static Exception ExceptParam(this IExceptionContext context, string name, string message) =>
        new ArgumentOutOfRangeException(name, message).Process(context);

    public static Exception ExceptValue(this IExceptionContext context, string name) =>
        new ArgumentNullException(name).Process(context);

    public static Exception ExceptDecode(this IExceptionContext context, string message) =>
        new FormatException(message).Process(context);

    public static Exception ExceptNotSupp(this IExceptionContext context, string message) =>
        new NotSupportedException(message).Process(context);

    public static Exception ExceptSchemaMismatch(this IExceptionContext context, string name, string role, string column) =>
        new ArgumentOutOfRangeException(name, string.Format(CultureInfo.InvariantCulture, "Could not find {0} column '{1}'", role, column)).Process(context);

    public static Exception ExceptSchemaMismatch(
        this IExceptionContext context, string name, string role, string column, string expected, string actual) =>
        new ArgumentOutOfRangeException(name, $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}").Process(context);

    public static void Check(bool holds, string message = null) => Check(null, holds, message);

    public static void Check(this IExceptionContext context, bool holds, string message = null)
    {
        if (!holds)
            throw (message is null ? new InvalidOperationException() : new InvalidOperationException(message)).Process(context);
    }

    public static void CheckDecode(this IExceptionContext context, bool holds, string message)
    {
        if (!holds)
            throw ExceptDecode(context, message);
    }

    public static void CheckParam(bool holds, string name, string message = null) => CheckParam(null, holds, name, message);

    public static void CheckParam(this IExceptionContext context, bool holds, string name, string message = null)
    {
        if (!holds)
            throw (message is null ? new ArgumentOutOfRangeException(name) : new ArgumentOutOfRangeException(name, message)).Process(context);
    }

    public static void CheckValue<T>(T value, string name)
        where T : class =>
        CheckValue(null, value, name);

    public static void CheckValue<T>(this IExceptionContext context, T value, string name)
        where T : class
    {
        if (value is null)
            throw ExceptValue(context, name);
    }

    public static void CheckNonEmpty(string value, string name) => CheckNonEmpty(null, value, name);

    public static void CheckNonEmpty(this IExceptionContext context, string value, string name)
    {
        if (string.IsNullOrEmpty(value))
            throw ExceptParam(context, name, $"{name} cannot be null or empty");
    }

    public static void CheckNonWhiteSpace(this IExceptionContext context, string value, string name)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw ExceptParam(context, name, $"{name} cannot be null or white space");
    }
}
