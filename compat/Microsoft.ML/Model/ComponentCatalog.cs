using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The classes that model files may ask for.</summary>
public sealed class ComponentCatalog
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(string Name, Type Signature), Loader> _loaders = [];

    internal ComponentCatalog()
    {
    }

    private delegate object Loader(IHostEnvironment env, ModelLoadContext ctx);

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName))
                return;
            foreach (var attribute in assembly.GetCustomAttributes<LoadableClassAttribute>())
            {
                var loader = FindLoader(attribute);
                if (loader is null && throwOnError)
                    throw Contracts.Except($"Can't instantiate loadable class '{attribute.InstanceType.Name}' with name '{attribute.LoadNames[0]}'");
                foreach (var name in attribute.LoadNames)
                {
                    if (!_loaders.TryAdd(Key(name, attribute.SignatureType), loader) && throwOnError)
                        throw Contracts.Except($"ComponentCatalog cannot map name '{name}' and SignatureType '{attribute.SignatureType}' to {attribute.InstanceType.Name}, already mapped.");
                }
            }
        }
    }

    internal bool TryCreateInstance(IHostEnvironment env, Type signature, string name, ModelLoadContext context, out object instance)
    {
        Loader loader;
        lock (_lock)
            _ = _loaders.TryGetValue(Key(name, signature), out loader);
        instance = null;
        if (loader is null)
            return false;
        try
        {
            instance = loader(env, context);
            return true;
        }
        catch (TargetInvocationException error) when (error.InnerException.IsMarked())
        {
            throw Contracts.Except(null, error, "Error during class instantiation");
        }
    }

    private static (string Name, Type Signature) Key(string name, Type signature) => (name.ToLowerInvariant().Trim(), signature);

    /// <summary>
    /// A constructor or a static <c>Create</c> that takes the context, or the environment and the context; of both,
    /// the one that is more visible.
    /// </summary>
    private static Loader FindLoader(LoadableClassAttribute attribute)
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic;
        var type = attribute.LoaderType;
        Type[] alone = [typeof(ModelLoadContext)];
        Type[] withEnvironment = [typeof(IHostEnvironment), typeof(ModelLoadContext)];
        var constructor = attribute.InstanceType.IsAssignableFrom(type)
            ? type.GetConstructor(Any | BindingFlags.Instance, alone) ?? type.GetConstructor(Any | BindingFlags.Instance, withEnvironment)
            : null;
        var create = type.GetMethod("Create", Any | BindingFlags.Static, alone) ?? type.GetMethod("Create", Any | BindingFlags.Static, withEnvironment);
        if (create?.ReturnType != attribute.InstanceType)
            create = null;
        if (constructor is not null && create is not null)
        {
            if (Visibility(constructor) == Visibility(create))
                throw Contracts.Except($"Can't load type {attribute.InstanceType}, because it has both create and constructor methods with the same visibility. Please indicate which one should be used by changing either the signature or the visibility of one of them.");
            if (Visibility(constructor) > Visibility(create))
                create = null;
        }

        if (create is not null)
            return (env, context) => create.Invoke(null, Arguments(create, env, context));
        return constructor is null ? null : (env, context) => constructor.Invoke(Arguments(constructor, env, context));
    }

    private static object[] Arguments(MethodBase method, IHostEnvironment env, ModelLoadContext context) =>
        method.GetParameters().Length == 1 ? [context] : [env, context];

    private static int Visibility(MethodBase method) =>
        method.IsPublic ? 5 : method.IsAssembly ? 4 : method.IsFamilyOrAssembly ? 3 : method.IsFamily ? 2 : method.IsPrivate ? 1 : 0;
}
