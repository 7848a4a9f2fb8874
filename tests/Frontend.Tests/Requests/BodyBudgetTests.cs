using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CosyOrleans.Service.Tests;

namespace CosyOrleans.Frontend.Tests.Requests;

/// <summary>Requests with large recordings, more of them than the memory that they may take.</summary>
public sealed class BodyBudgetTests : IAsyncLifetime
{
    private const int RecordingBytes = 12 * 1024 * 1024 - 100;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ToneModel _model = new();
    private readonly CosyServer _server;

    public BodyBudgetTests() => _server = new CosyServer
    {
        Model = _model, Settings = new Dictionary<string, string> { ["Frontend:MaxBodyMegabytesInFlight"] = "64" },
    };

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => ((IAsyncLifetime)_server).DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LargeBodies_MoreThanMayBeHeld_AreToldToComeAgain(bool announced)
    {
        var (arrived, go) = (new SemaphoreSlim(0), new TaskCompletionSource());
        _model.WhileListening = async cancellation =>
        {
            arrived.Release();
            await go.Task.WaitAsync(cancellation);
        };
        Task<HttpResponseMessage>[] held = [.. "abcd".Select(letter => SendAsync(announced, letter))];
        foreach (var _ in held)
        {
            Assert.True(await arrived.WaitAsync(Patience));
        }

        using var refused = await SendAsync(announced, 'e').WaitAsync(Patience);
        using var small = await _server.PostAsync("/tts", new { text = "one.", stream = false });

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        var (code, message, _) = await CosyServer.ErrorAsync(refused);
        Assert.Equal("SERVER_BUSY", code);
        Assert.Contains("64 are the most", message);
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);

        go.SetResult();
        foreach (var answer in held)
        {
            Assert.Equal(HttpStatusCode.OK, (await answer.WaitAsync(Patience)).StatusCode);
        }

        HttpResponseMessage again;
        var tries = 0;
        do
        {
            again = await SendAsync(announced, 'e').WaitAsync(Patience); // The server lets go just after its last byte was read.
        }
        while (again.StatusCode == HttpStatusCode.TooManyRequests && ++tries < 100);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    /// <summary>Nearly 16 MiB; not announced, they are sent in chunks.</summary>
    private Task<HttpResponseMessage> SendAsync(bool announced, char letter)
    {
        var recording = Convert.ToBase64String(Encoding.ASCII.GetBytes(new string(letter, RecordingBytes)));
        var json = Encoding.ASCII.GetBytes($$"""{"text":"one.","reference_audio":"{{recording}}"}""");
        var request = new HttpRequestMessage(HttpMethod.Post, "/tts") { Content = announced ? new ByteArrayContent(json) : new StreamContent(new MemoryStream(json)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = announced ? null : true;
        return _server.Client.SendAsync(request);
    }
}
