using System.Net;

namespace CosyOrleans.Faults;

/// <summary>Somebody who listens to one speech to its end.</summary>
/// <param name="asked">The fields of the request.</param>
internal sealed class Listener(HttpClient client, object asked)
{
    public Listener(HttpClient client, string text, string voice, int seed)
        : this(client, new { text, speaker_id = voice, seed })
    {
    }

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _heard = new();

    /// <summary>Completes with the first sound.</summary>
    public Task FirstSound => _first.Task;

    public byte[] Heard => _heard.ToArray();

    /// <summary>The longest time between two arrivals of sound.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>All listen to the end; the fault comes when half of them have heard something.</summary>
    public static Task ListenAllAsync(IReadOnlyList<Listener> listeners, Action fault) => ListenAllAsync(listeners, listeners, fault);

    /// <summary>All listen to the end; the fault comes when half of the awaited ones have heard something.</summary>
    public static async Task ListenAllAsync(IReadOnlyList<Listener> listeners, IReadOnlyList<Listener> awaited, Action fault)
    {
        Task[] listening = [.. listeners.Select(listener => listener.ListenAsync())];
        var first = awaited.Select(listener => listener.FirstSound).ToList();
        while (first.Count > awaited.Count / 2)
        {
            var heard = await Task.WhenAny(first);
            await heard;
            first.Remove(heard);
        }

        fault();
        await Task.WhenAll(listening);
    }

    private async Task ListenAsync()
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/tts") { Content = JsonContent.Create(asked) };
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
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
