namespace Microsoft.ML.Runtime;

public readonly struct ChannelMessage
{
    public readonly ChannelMessageKind Kind;
    public readonly MessageSensitivity Sensitivity;

    private readonly string _format;
    private readonly object[] _arguments;

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string format, object[] arguments = null)
    {
        Contracts.CheckNonEmpty(format, nameof(format));
        Kind = kind;
        Sensitivity = sensitivity;
        _format = format;
        _arguments = arguments;
    }

    /// <summary>Formatted only when somebody reads it. A message without arguments may hold braces.</summary>
    public string Message => _arguments is null ? _format : string.Format(_format, _arguments);
}
