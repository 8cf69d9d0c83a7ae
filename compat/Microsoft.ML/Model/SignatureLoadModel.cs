namespace Microsoft.ML;

/// <summary>The arguments that a class takes to be made from a model file.</summary>
internal delegate void SignatureLoadModel(ModelLoadContext ctx);
