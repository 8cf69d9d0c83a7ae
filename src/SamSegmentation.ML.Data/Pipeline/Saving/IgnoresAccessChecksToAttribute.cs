namespace System.Runtime.CompilerServices;

/// <summary>
/// Known to the runtime by its name: this assembly may use the internals of the one that is named. The base library does
/// not define it, so that whoever needs it defines it for himself.
/// </summary>
/// <param name="assemblyName">The assembly, by its simple name.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>The assembly, by its simple name.</summary>
    public string AssemblyName { get; } = assemblyName;
}
