using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using CosyOrleans.Cli.Cluster;
using CosyOrleans.Service.Tests.Books;
using CosyOrleans.Service.Tests.Webhooks;

namespace CosyOrleans.Faults.Product;

/// <summary>A book that becomes one file with chapters, and whose end is told to somebody.</summary>
internal sealed class BookJob(FaultCluster cluster, string id, Receiver receiver)
{
    public const string Secret = "0123456789abcdef";

    private const int Paragraphs = 16;

    private int _items;

    /// <summary>The silo on which it runs, or ran last.</summary>
    public string Holder => new FaultJob(cluster, id, _items).Holder;

    /// <summary>What must be told of it when all has ended, each once.</summary>
    public IEnumerable<string> ItemCalls => Enumerable.Range(1, _items).Select(number => $"{id}/item/{number}/done");

    public async Task SubmitAsync()
    {
        var book = new TestBook();
        book.Files["OPS/text/one.xhtml"] = Chapter("The sea was calm, and number {0} of its waves was small.");
        book.Files["OPS/text/two.xhtml"] = Chapter("The storm came, and wave number {0} of it was not.");
        using var body = new ByteArrayContent(book.Write().ToArray());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/epub+zip");
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"/v1/jobs?id={id}&assembly=m4b&seed=3&webhook={Uri.EscapeDataString(receiver.Url)}&webhook_events=items") { Content = body };
        request.Headers.Add("Webhook-Secret", Secret);
        using var answer = await cluster.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        using var job = JsonDocument.Parse(text);
        _items = Items(job.RootElement).GetProperty("total").GetInt32();
        Assert.True(_items >= 2 * Paragraphs, text);
    }

    /// <summary>Completes when so many of ten items are done.</summary>
    public Task WhenDoneAsync(int tenths) => WhenAsync(job => 10 * Items(job).GetProperty("done").GetInt32() >= tenths * _items);

    /// <summary>Completes when its one file is being made, or was made already.</summary>
    public Task WhenAssemblingAsync() => WhenAsync(job => job.GetProperty("assembly").GetProperty("status").GetString() is "running" or "done");

    /// <summary>Completes when it has ended and that has been told.</summary>
    public async Task WhenToldAsync()
    {
        await WhenAsync(job => job.GetProperty("status").GetString() == "completed");
        Assert.True(await Waiting.ForAsync(() => receiver.Calls.Any(call => call.Id.StartsWith($"{id}/job/", StringComparison.Ordinal)), FaultCluster.Patience, default), "The end was not told.");
    }

    /// <param name="part">"" for the sound, "/srt" or "/vtt" for its subtitles.</param>
    public Task<byte[]> AssemblyAsync(string part = "") => cluster.Client.GetByteArrayAsync($"/v1/jobs/{id}/assembly{part}");

    private static byte[] Chapter(string text) => TestBook.Utf8(TestBook.Document(
        string.Concat(Enumerable.Range(1, Paragraphs).Select(number => $"<p>{string.Format(CultureInfo.InvariantCulture, text, number)}</p>"))));

    private static JsonElement Items(JsonElement job) => job.GetProperty("items");

    private async Task WhenAsync(Func<JsonElement, bool> condition)
    {
        var last = "";
        var reached = await Waiting.ForAsync(
            async token =>
            {
                using var answer = await cluster.Client.GetAsync($"/v1/jobs/{id}", token);
                last = await answer.Content.ReadAsStringAsync(token);
                using var job = JsonDocument.Parse(last);
                return answer.IsSuccessStatusCode && condition(job.RootElement);
            },
            FaultCluster.Patience,
            default);
        Assert.True(reached, last);
    }
}
