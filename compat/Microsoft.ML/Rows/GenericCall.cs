using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method, which is given with any type argument, with a type that is known only at run time.</summary>
internal static class GenericCall
{
    public static TResult Invoke<TResult>(Delegate method, Type type, params object[] arguments) =>
        (TResult)method.Method.GetGenericMethodDefinition().MakeGenericMethod(type)
            .Invoke(method.Target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
