using System.Net;
using System.Text;
using CosyOrleans.Frontend.Tests.Hostile.Fuzz;

namespace CosyOrleans.Frontend.Tests.Hostile;

/// <summary>Requests that once were faults of the server's, as the fuzz found them.</summary>
public sealed class FoundFaultsTests
{
    [Theory]
    [InlineData("/v1/jobs", """{"texts":[{"text":"One.","name":"\ud800"}],"voices":["amy"]}""", "Part 1 of texts holds text that is not valid Unicode")]
    [InlineData("/v1/jobs", """{"texts":["One."],"styles":[{"emotion":"\ud800"}]}""", "Part 1 of styles holds text that is not valid Unicode")]
    [InlineData("/v1/jobs", """{"texts":["\udc00"]}""", "Part 1 of texts holds text that is not valid Unicode")]
    [InlineData("/v1/jobs?assembly=wav&pause=1e400", """["One."]""", "pause")]
    [InlineData("/v1/jobs?assembly=wav&pause=NaN", """["One."]""", "pause")]
    [InlineData("/tts", """{"text":"One.","seed":7,"task_id":"😀"}""", "task_id '😀'")]
    [InlineData("/tts", """{"text":"One.","seed":7,"task_id":"a\r\nX-Evil: 1"}""", "task_id")]
    public async Task Request_ThatWasAFault_IsRefused(string path, string body, string part)
    {
        var server = new FuzzedServer();
        await server.InitializeAsync();
        await server.PostAsync("/tts", new { text = "One.", seed = 7 }); // A sound that the cache has, whoever asks.

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync(path, content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(part, (await CosyServer.ErrorAsync(response)).Message, StringComparison.Ordinal);
        Assert.Empty(server.Faults);
        await ((IAsyncLifetime)server).DisposeAsync();
    }
}
