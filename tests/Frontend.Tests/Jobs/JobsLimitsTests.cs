using System.Net;
using System.Text;

namespace CosyOrleans.Frontend.Tests.Jobs;

public sealed class JobsLimitsTests : IAsyncLifetime
{
    private readonly CosyServer _server = new()
    {
        Settings = new Dictionary<string, string> { ["Jobs:MaxBodyBytes"] = "3000000", ["Jobs:MaxItems"] = "100000" },
    };

    public Task InitializeAsync() => _server.InitializeAsync();

    public async Task DisposeAsync() => await ((IAsyncLifetime)_server).DisposeAsync();

    [Fact]
    public async Task Post_LargerThanOtherRequestsMayBe_IsTaken()
    {
        _server.Model.BeforeChunk = (_, _, token) => Task.Delay(Timeout.Infinite, token);

        var response = await PostAsync(2_000_000);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task Post_TooLarge_SaysHowLargeItMayBe()
    {
        var response = await PostAsync(4_000_000);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        (var code, var message, _) = await CosyServer.ErrorAsync(response);
        Assert.Equal("REQUEST_TOO_LARGE", code);
        Assert.Contains("3000000", message);
    }

    private Task<HttpResponseMessage> PostAsync(int bytes)
    {
        const string Line = "{\"text\":\"One two three four five six seven eight nine ten.\"}\n";
        var lines = string.Concat(Enumerable.Repeat(Line, bytes / Line.Length));
        return _server.Client.PostAsync("/v1/jobs", new StringContent(lines, Encoding.UTF8, "application/x-ndjson"));
    }
}
