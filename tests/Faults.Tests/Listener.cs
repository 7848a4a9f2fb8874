using System.Net;

namespace CosyOrleans.Faults;

/// <summary>Somebody who listens to one speech to its end.</summary>
/// <param name="asked">The fields of the request.</param>
internal sealed class Listener(HttpClient client, object asked)
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _heard = new();

    /// <summary>Completes with the first sound.</summary>
    public Task FirstSound => _first.Task;

    public byte[] Heard => _heard.ToArray();

    /// <summary>The longest time between two arrivals of sound.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>All listen to the end; the fault comes when half of them have heard something.</summary>
    public static async Task ListenAllAsync(IReadOnlyList<Listener> listeners, Func<Task> fault)
    {
        Task[] listening = [.. listeners.Select(listener => listener.ListenAsync())];
        var first = listeners.Select(listener => listener.FirstSound).ToList();
        while (first.Count > listeners.Count / 2)
        {
            var heard = await Task.WhenAny(first);
            await heard;
            first.Remove(heard);
        }

        await fault();
        await Task.WhenAll(listening);
    }

    private async Task ListenAsync()
    {
        try
        {
            using var answer = await AskAsync();
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            }

            await using var body = await answer.Content.ReadAsStreamAsync();
            await ReadAsync(body);
        }
        catch (Exception e)
        {
            _first.TrySetException(e);
            throw;
        }
    }

    // Where no silo can be asked for a moment, those who come are told to ask again: nothing of theirs is lost.
    private async Task<HttpResponseMessage> AskAsync()
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/tts") { Content = JsonContent.Create(asked) };
            var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (answer is not { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: { } pause })
            {
                return answer;
            }

            answer.Dispose();
            await Task.Delay(pause);
        }
    }

    private async Task ReadAsync(Stream body)
    {
        var buffer = new byte[64 * 1024];
        long last = 0;
        while (await body.ReadAsync(buffer) is > 0 and var count)
        {
            var now = TimeProvider.System.GetTimestamp();
            if (last != 0 && TimeProvider.System.GetElapsedTime(last, now) is var gap && gap > LongestGap)
            {
                LongestGap = gap;
            }

            last = now;
            _heard.Write(buffer, 0, count);
            _first.TrySetResult();
        }
    }
}
