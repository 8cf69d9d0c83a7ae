using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SamSegmentation.Cli.Tests.Downloads;

/// <summary>An HTTP server on this machine that answers as a test tells it, lies included; one connection a request.</summary>
internal sealed class TestServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Queue<Reply> _replies;
    private readonly Task _serving;

    /// <summary>Begins to serve.</summary>
    /// <param name="replies">The answers, in order; a request more than these is refused with status 500.</param>
    public TestServer(params Reply[] replies)
    {
        _replies = new Queue<Reply>(replies);
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _serving = ServeAsync();
    }

    public string Address { get; }

    /// <summary>The requests that came, each with its lines.</summary>
    public List<string[]> Requests { get; } = [];

    public void Dispose()
    {
        _listener.Stop();
        _serving.Wait();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                var lines = new List<string>();
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                    lines.Add(line);
                Requests.Add([.. lines]);
                var reply = _replies.Count > 0 ? _replies.Dequeue() : new Reply("500 No more replies", []);
                var head = string.Concat(new[] { $"HTTP/1.1 {reply.Status}", "Connection: close" }.Concat(reply.Headers).Select(line => line + "\r\n"));
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "\r\n"));
                await stream.WriteAsync(reply.Body);
            }
        }
        catch (Exception error) when (error is SocketException or InvalidOperationException or IOException) // stopped
        {
        }
    }
}

/// <summary>An answer.</summary>
/// <param name="Status">Code and reason.</param>
/// <param name="Body">What follows the headers, which need not be what they announce.</param>
/// <param name="Headers">The headers' lines.</param>
internal sealed record Reply(string Status, byte[] Body, params string[] Headers)
{
    /// <summary>A file, whole or cut off after some bytes.</summary>
    public static Reply Whole(byte[] file, int? cutAfter = null, string etag = "\"v1\"") =>
        new("200 OK", file[..(cutAfter ?? file.Length)], $"Content-Length: {file.Length}", $"ETag: {etag}");

    /// <summary>The rest of a file, whole or cut off after some bytes.</summary>
    public static Reply Rest(byte[] file, int from, int? cutAfter = null) => new(
        "206 Partial Content",
        file.AsSpan(from, cutAfter ?? file.Length - from).ToArray(),
        $"Content-Length: {file.Length - from}",
        $"Content-Range: bytes {from}-{file.Length - 1}/{file.Length}");
}
