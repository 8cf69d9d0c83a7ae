using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using SamSegmentation.Cli.Display;

namespace SamSegmentation.Cli.Downloads;

/// <summary>Fetches one file: in pieces if it must, and under its name only when its hash is right.</summary>
/// <param name="source">The file.</param>
/// <param name="path">Where it goes.</param>
/// <param name="display">Told of progress, in megabytes.</param>
internal sealed class Downloader(DownloadSource source, string path, IDisplay display)
{
    private const int Megabyte = 1_000_000, BufferSize = 1 << 17;

    // A server that cuts the connection is asked for the rest, as long as each piece brings something.
    private const int MaxCuts = 20, MaxRedirections = 10;

    // A connection over which nothing comes for so long is taken for cut.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly PartialFile _part = new(path);

    /// <summary>Bytes that are still to be written.</summary>
    public long Missing => File.Exists(path) ? 0 : Math.Max(0, source.Size - _part.Length);

    /// <summary>Fetches the file, or verifies the one that is there.</summary>
    /// <returns>Whether it was there already.</returns>
    /// <exception cref="DownloadException">It cannot be fetched or is another file.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what has come is kept for the next time.</exception>
    public bool Run(CancellationToken cancellation)
    {
        if (File.Exists(path))
        {
            var found = Hash(path, cancellation);
            return found == source.Sha256
                ? true
                : throw new DownloadException($"{path} is there, but is not {source.Name}: its SHA-256 is {found}, expected {source.Sha256}. Move it away.");
        }
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Fetch(cancellation);
        var hash = Hash(_part.Path, cancellation);
        if (hash != source.Sha256)
        {
            _part.Delete();
            throw new DownloadException($"what {source.Url} sent is not {source.Name}: its SHA-256 is {hash}, expected {source.Sha256}. It was thrown away.");
        }
        _part.Finish();
        return false;
    }

    private void Fetch(CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = s_patience, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        for (var cuts = 0; _part.Length != source.Size || _part.ConditionFor(source.Url) is null; cuts++)
        {
            var before = _part.Length;
            try
            {
                if (FetchPiece(client, cancellation))
                    return;
            }
            catch (Exception error) when (error is HttpRequestException or IOException { InnerException: SocketException } or HttpIOException or TimeoutException)
            {
                var bytes = _part.Length;
                if (bytes == 0)
                    throw new DownloadException($"{source.Url} cannot be reached: {error.Message} {ByHand()}", error);
                if (bytes <= before || cuts >= MaxCuts)
                    throw new DownloadException($"{source.Url} broke off after {bytes} of {source.Size} bytes: {error.Message} Run the command again to go on there.", error);
            }
        }
    }

    // True when the server has sent all that it will.
    private bool FetchPiece(HttpClient client, CancellationToken cancellation)
    {
        var have = _part.Length;
        var condition = have > 0 && have < source.Size ? _part.ConditionFor(source.Url) : null;
        using var response = Send(client, condition, have, cancellation);
        var isRest = response.StatusCode == HttpStatusCode.PartialContent && condition is not null;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && condition is not null)
        {
            _part.Delete(); // the server has another file now; the next piece begins anew
            return false;
        }
        if (response.StatusCode != HttpStatusCode.OK && !isRest)
        {
            var target = response.Headers.Location is { } location ? $" to {location}, which is not followed" : "";
            throw new DownloadException($"{source.Url} answered {(int)response.StatusCode} {response.ReasonPhrase}{target}. {ByHand()}");
        }
        var range = response.Content.Headers.ContentRange;
        if (isRest && range?.From != have)
            throw new DownloadException($"{source.Url} was asked for the bytes from {have} and sent those from {range?.From?.ToString() ?? "it does not say where"}. {ByHand()}");
        var stated = isRest ? range!.Length : response.Content.Headers.ContentLength;
        if (stated is { } size && size != source.Size)
            throw new DownloadException($"{source.Url} has {size} bytes; expected {source.Size}. {ByHand()}");
        using var file = isRest ? _part.Append() : _part.Create(source.Url, response);
        Copy(response.Content.ReadAsStream(cancellation), file, isRest ? have : 0, cancellation);
        return true;
    }

    // Redirections are followed here, because the handler's own would leave http for whatever it can do.
    private HttpResponseMessage Send(HttpClient client, RangeConditionHeaderValue? condition, long have, CancellationToken cancellation)
    {
        var address = source.Url;
        for (var redirections = 0; ; redirections++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (condition is not null)
            {
                request.Headers.Range = new RangeHeaderValue(have, null);
                request.Headers.IfRange = condition;
            }
            var response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)
                || response.Headers.Location is not { } location
                || redirections == MaxRedirections)
            {
                return response;
            }
            var target = new Uri(address, location);
            if (target.Scheme != Uri.UriSchemeHttps && (target.Scheme != Uri.UriSchemeHttp || address.Scheme != Uri.UriSchemeHttp))
                return response;
            response.Dispose();
            address = target;
        }
    }

    private void Copy(Stream from, FileStream to, long done, CancellationToken cancellation)
    {
        var buffer = new byte[BufferSize];
        while (true)
        {
            Report("downloading", done);
            var count = Read(from, buffer, cancellation);
            if (count == 0)
                break;
            if (done + count > source.Size)
            {
                to.Dispose();
                _part.Delete();
                throw new DownloadException($"{source.Url} sent more than the {source.Size} bytes of {source.Name}. What had come was thrown away.");
            }
            to.Write(buffer, 0, count);
            done += count;
        }
        to.Flush();
        if (done < source.Size)
            throw new HttpIOException(HttpRequestError.ResponseEnded, "The connection ended too early.");
    }

    private static int Read(Stream from, byte[] buffer, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(s_patience);
        try
        {
            return from.ReadAsync(buffer, patience.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing came for {s_patience.TotalSeconds:F0} seconds.");
        }
    }

    private string Hash(string file, CancellationToken cancellation)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, count);
            Report("verifying", stream.Position);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void Report(string what, long done) =>
        display.Progress($"{what} {source.File}", (int)(done / Megabyte), (int)Math.Max(1, source.Size / Megabyte), "MB");

    private string ByHand() =>
        $"To do it by hand, fetch {source.Url} elsewhere (SHA-256 {source.Sha256}), put it there as {Path.GetFullPath(path)} and run this command again, or give a mirror with --sources FILE.";
}
