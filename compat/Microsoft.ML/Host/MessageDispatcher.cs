namespace Microsoft.ML.Runtime;

/// <summary>Carries channel messages to whoever listens to the context.</summary>
internal sealed class MessageDispatcher
{
    private volatile Action<string, ChannelMessage> _listeners;

    public void AddListener(Action<string, ChannelMessage> listener) => _listeners += listener;

    public void Dispatch(string source, ChannelMessage message) => _listeners?.Invoke(source, message);
}
