using System.Net;
using System.Text.RegularExpressions;

namespace CosyOrleans.Frontend.Tests.Page;

public sealed partial class PageApiTests(CosyServer server) : IClassFixture<CosyServer>
{
    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/app.js", "text/javascript; charset=utf-8")]
    [InlineData("/player.js", "text/javascript; charset=utf-8")]
    [InlineData("/player-worklet.js", "text/javascript; charset=utf-8")]
    [InlineData("/recorder-worklet.js", "text/javascript; charset=utf-8")]
    [InlineData("/style.css", "text/css; charset=utf-8")]
    [InlineData("/icon.svg", "image/svg+xml")]
    public async Task Get_PageFile_ComesWithItsTypeAndProtection(string path, string type)
    {
        var response = await server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        var content = await response.Content.ReadAsStringAsync();
        Assert.DoesNotMatch(ElsewhereRegex(), content);
    }

    [Fact]
    public async Task Get_Again_IsNotSentTwice()
    {
        var tag = (await server.Client.GetAsync("/app.js")).Headers.ETag;
        var again = new HttpRequestMessage(HttpMethod.Get, "/app.js");
        again.Headers.IfNoneMatch.Add(tag!);

        Assert.Equal(HttpStatusCode.NotModified, (await server.Client.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task Head_Page_HasNoBody()
    {
        var response = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [GeneratedRegex("""(src|href|import|from|url\()\s*=?\s*["'(]?\s*(https?:)?//""")]
    private static partial Regex ElsewhereRegex();
}
