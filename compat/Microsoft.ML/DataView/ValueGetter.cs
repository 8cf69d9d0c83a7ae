namespace Microsoft.ML;

/// <summary>Writes the current row's value, if it can into the memory of the value that it is given.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);
