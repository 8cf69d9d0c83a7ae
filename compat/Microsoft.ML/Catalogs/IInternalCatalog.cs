using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A group of methods of an <see cref="MLContext"/> that extensions add to.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}
