using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Says in an assembly which class is made for which loader signature of a model file.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class LoadableClassAttribute : Attribute
{
    public LoadableClassAttribute(Type instType, Type argType, Type sigType, string userName, params string[] loadNames)
        : this(instType, instType, argType, sigType, userName, loadNames)
    {
    }

    public LoadableClassAttribute(Type instType, Type loaderType, Type argType, Type sigType, string userName, params string[] loadNames)
    {
        Contracts.CheckValue(instType, nameof(instType));
        Contracts.CheckValue(loaderType, nameof(loaderType));
        Contracts.CheckValue(sigType, nameof(sigType));
        Contracts.CheckParam(argType is null, nameof(argType), "Classes that take arguments are not loaded from model files");
        InstanceType = instType;
        LoaderType = loaderType;
        SignatureType = sigType;
        LoadNames = loadNames is null or [] ? [userName] : loadNames;
        if (LoadNames.Any(string.IsNullOrWhiteSpace))
            throw Contracts.ExceptParam(nameof(loadNames), "LoadableClass loadName parameter can't be empty");
    }

    public Type InstanceType { get; }

    public Type LoaderType { get; }

    public Type SignatureType { get; }

    public string[] LoadNames { get; }
}
