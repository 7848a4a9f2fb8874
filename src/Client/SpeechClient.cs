using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CosyOrleans.Client;

/// <summary>Speaks through one or several servers. Thread-safe; meant to be kept.</summary>
public sealed class SpeechClient : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly SpeechClientOptions _options;
    private readonly HttpClient _http;
    private readonly Random _random = new();
    private int _next;

    /// <exception cref="ArgumentException">There is no server, or one is no http or https address.</exception>
    public SpeechClient(SpeechClientOptions options)
        : this(options, null)
    {
    }

    /// <param name="first">Which server the first speech begins with, those that follow with the next one each; null: any.</param>
    internal SpeechClient(SpeechClientOptions options, int? first)
    {
        options.Check();
        _options = options;
        _http = new HttpClient(Connecting.Handler(options)) { Timeout = Timeout.InfiniteTimeSpan };
        _next = first ?? _random.Next(options.Servers.Count);
    }

    /// <summary>Completes with the first sound.</summary>
    /// <exception cref="SpeechClientException">The request is wrong, or no server can speak it.</exception>
    public async Task<LiveSpeech> SpeakAsync(SpeechRequest request, CancellationToken cancellationToken = default)
    {
        RetryPlan plan;
        lock (_random)
        {
            plan = new RetryPlan(_options.Servers.Count, _next++ & int.MaxValue, new Random(_random.Next()));
        }

        var answer = await AskAsync(plan, request, null, cancellationToken);
        var same = request with { Seed = answer.Seed };
        return new LiveSpeech(answer, (failure, cancellation) => AskAsync(plan, same, failure, cancellation));
    }

    public void Dispose() => _http.Dispose();

    /// <param name="failure">Of the server that was asked last; null for the first.</param>
    private async Task<SpeechAnswer> AskAsync(RetryPlan plan, SpeechRequest request, SpeechClientException? failure, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (failure is not null)
            {
                await Task.Delay(plan.Next(failure) ?? throw failure, _options.Time, cancellationToken);
            }

            try
            {
                return await AskAsync(_options.Servers[plan.Server], request, cancellationToken);
            }
            catch (SpeechClientException e)
            {
                failure = e;
            }
        }
    }

    private async Task<SpeechAnswer> AskAsync(Uri server, SpeechRequest request, CancellationToken cancellationToken)
    {
        var clock = new StageClock(_options, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "/tts")) { Content = JsonContent.Create(request, options: Json) };
            message.Headers.Authorization = _options.ApiKey is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
            clock.Attach(message);
            response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, clock.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw await ErrorAsync(server, response, clock.Token);
            }

            var body = await response.Content.ReadAsStreamAsync(clock.Token);
            clock.Rest();
            return new SpeechAnswer(server, response, body, clock);
        }
        catch (Exception e)
        {
            clock.Dispose();
            response?.Dispose();
            throw e switch
            {
                OperationCanceledException when clock.IsOverrun && !cancellationToken.IsCancellationRequested => clock.TooSlow(server),
                HttpRequestException or IOException => SpeechClientException.NotReached(server, e),
                _ => e,
            };
        }
    }

    internal static async Task<SpeechClientException> ErrorAsync(Uri server, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var mayPass = response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
        try
        {
            using var error = JsonDocument.Parse(body);
            string Text(string name) => error.RootElement.GetProperty(name).GetString() ?? "";
            return new SpeechClientException(Text("error"), Text("message"), Text("solution"))
            {
                IsWorthRetrying = mayPass, RetryAfter = response.Headers.RetryAfter?.Delta,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new SpeechClientException(
                "SERVER_NOT_REACHED",
                $"{server.Authority} answered {(int)response.StatusCode}, but not as a CosyOrleans server does.",
                "Give the address of a CosyOrleans server.",
                e)
            {
                IsWorthRetrying = mayPass, IsOfThisServer = true,
            };
        }
    }
}
