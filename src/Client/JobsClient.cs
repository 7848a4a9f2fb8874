using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CosyOrleans.Client;

/// <summary>
/// Jobs of texts on a server, or on a cluster through any of its frontends. Whatever breaks off is asked for again, of the next server
/// where there are several: an order under the same key is the same job, and a download goes on where it was. Thread-safe.
/// </summary>
public sealed class JobsClient : IDisposable
{
    private const int PageItems = 1000;
    private const int Attempts = 6;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly SpeechClientOptions _options;
    private readonly HttpClient _http;
    private int _server;

    /// <param name="options">Of the limits, those of connecting count, and <see cref="SpeechClientOptions.GapLimit"/> for each answer to begin.</param>
    /// <exception cref="ArgumentException">There is no server, or one is no http or https address.</exception>
    public JobsClient(SpeechClientOptions options)
    {
        options.Check();
        _options = options;
        _http = new HttpClient(Connecting.Handler(options)) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = options.ApiKey is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
    }

    /// <summary>Orders a job; the same key again finds the job that it ordered.</summary>
    /// <param name="open">Opens the texts; called for each attempt.</param>
    /// <param name="mediaType">What they are: application/json, application/x-ndjson, text/plain, text/csv or application/epub+zip.</param>
    /// <param name="fields">Defaults of the items, and what is to become of them, as in the query of POST /v1/jobs.</param>
    /// <param name="idempotencyKey">1 to 255 characters.</param>
    /// <returns>The job, and whether it is a new one.</returns>
    /// <exception cref="SpeechClientException">The order is wrong, or no server takes it.</exception>
    public async Task<(RemoteJob Job, bool IsNew)> SubmitAsync(
        Func<Stream> open, string mediaType, IReadOnlyDictionary<string, string> fields, string idempotencyKey, CancellationToken cancellationToken = default)
    {
        var query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
        using var answer = await AskAsync(() => new HttpRequestMessage(HttpMethod.Post, $"/v1/jobs?{query}")
        {
            Content = new StreamContent(open()) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } },
            Headers = { { "Idempotency-Key", idempotencyKey } },
        }, cancellationToken);
        return (await ReadAsync<RemoteJob>(answer, cancellationToken), answer.StatusCode == HttpStatusCode.Created);
    }

    /// <summary>A job as it is now.</summary>
    /// <exception cref="SpeechClientException">There is none, or no server answers.</exception>
    public async Task<RemoteJob> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        using var answer = await AskAsync(() => new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{Uri.EscapeDataString(id)}"), cancellationToken);
        return await ReadAsync<RemoteJob>(answer, cancellationToken);
    }

    /// <summary>The job as it is now, twice in a second, until it has finished or stopped by itself.</summary>
    /// <exception cref="SpeechClientException">There is none, or no server answers.</exception>
    public async IAsyncEnumerable<RemoteJob> FollowAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var job = await FindAsync(id, cancellationToken);
            yield return job;
            if (job.IsFinished || job.Problem is not null)
            {
                yield break;
            }

            await Task.Delay(BetweenLooks, _options.Time, cancellationToken);
        }
    }

    /// <param name="command">pause, resume, cancel or retry.</param>
    /// <exception cref="SpeechClientException">The job does not allow it now, or no server answers.</exception>
    public async Task<RemoteJob> CommandAsync(string id, string command, CancellationToken cancellationToken = default)
    {
        using var answer = await AskAsync(() => new HttpRequestMessage(HttpMethod.Post, $"/v1/jobs/{Uri.EscapeDataString(id)}/{command}"), cancellationToken);
        return await ReadAsync<RemoteJob>(answer, cancellationToken);
    }

    /// <summary>All items, in order.</summary>
    /// <exception cref="SpeechClientException">There is no such job, or no server answers.</exception>
    public async IAsyncEnumerable<RemoteItem> ItemsAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int? from = 1; from is { } first;)
        {
            using var answer = await AskAsync(
                () => new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{Uri.EscapeDataString(id)}/items?from={first}&limit={PageItems}"), cancellationToken);
            var page = await ReadAsync<Page>(answer, cancellationToken);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            from = page.Next;
        }
    }

    /// <summary>Writes the sound of an item that is done, which appears complete or not at all.</summary>
    /// <exception cref="SpeechClientException">It is not there, or no server answers.</exception>
    public Task DownloadItemAsync(string id, string name, string path, CancellationToken cancellationToken = default) =>
        DownloadAsync($"/v1/jobs/{Uri.EscapeDataString(id)}/items/{Uri.EscapeDataString(name)}", path, cancellationToken);

    /// <summary>Writes the one sound of all items, or its subtitles, which appear complete or not at all.</summary>
    /// <param name="part">Null: the sound; otherwise srt or vtt.</param>
    /// <exception cref="SpeechClientException">It is not there, or no server answers.</exception>
    public Task DownloadAssemblyAsync(string id, string? part, string path, CancellationToken cancellationToken = default) =>
        DownloadAsync($"/v1/jobs/{Uri.EscapeDataString(id)}/assembly{(part is null ? "" : $"/{part}")}", path, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task DownloadAsync(string address, string path, CancellationToken cancellationToken)
    {
        var partial = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.partial");
        try
        {
            for (var left = Attempts; ; left--)
            {
                try
                {
                    using var answer = await AskAsync(() => new HttpRequestMessage(HttpMethod.Get, address), cancellationToken);
                    await using var file = new FileStream(partial, FileMode.Create, FileAccess.Write);
                    await answer.Content.CopyToAsync(file, cancellationToken);
                    break;
                }
                catch (Exception e) when (left > 1 && e is HttpRequestException or HttpIOException)
                {
                    // It broke off, after its beginning.
                }
            }

            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>An answer whose body is still to be read; errors that may pass are waited for.</summary>
    private async Task<HttpResponseMessage> AskAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            SpeechClientException failure;
            var server = _options.Servers[Volatile.Read(ref _server) % _options.Servers.Count];
            try
            {
                return await AskAsync(server, request, cancellationToken);
            }
            catch (SpeechClientException e) when (e.IsWorthRetrying && attempt < Attempts)
            {
                failure = e;
            }

            Interlocked.Increment(ref _server);
            var pause = failure.RetryAfter ?? TimeSpan.FromSeconds(0.5 * (1 << (attempt - 1)));
            await Task.Delay(pause < LongestPause ? pause : LongestPause, _options.Time, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(Uri server, Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.GapLimit, _options.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var message = request();
            message.RequestUri = new Uri(server, message.RequestUri!);
            var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                throw await SpeechClient.ErrorAsync(server, answer, stop.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw SpeechClientException.TooSlow(server, SpeechStage.Stream, _options.GapLimit);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw SpeechClientException.NotReached(server, e);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        (await answer.Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web, cancellationToken))!;

    private sealed record Page(IReadOnlyList<RemoteItem> Items, int? Next);
}
