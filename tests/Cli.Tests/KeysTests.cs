using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CosyOrleans.Cli.Tests;

public sealed partial class KeysTests : IDisposable
{
    private readonly CosyProcess _cosy = new();

    [Fact]
    public async Task Keys_OfARunningServer_AreMadeUsedListedAndRevoked()
    {
        var key = (await SayAsync("create", "--tenant", "acme", "--name", "Ana", "--requests-per-minute", "600", "--data", "data")).Trim();
        Assert.Matches("^cosy_[a-z2-7]{12}_[A-Za-z0-9_-]{43}$", key);
        using var server = await ServerProcess.StartAsync(_cosy, ["--data", "data", "--require-keys"]);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/jobs")).StatusCode);
        client.DefaultRequestHeaders.Add("X-API-Key", key);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/jobs")).StatusCode);

        var list = await SayAsync("list", "--data", "data");
        Assert.Matches(@"^[a-z2-7]{12}\tacme\tcreated \d{4}-\d\d-\d\d\t600 requests/min\tAna\n$", list);
        Assert.DoesNotContain(key[18..], list);
        await SayAsync("revoke", list[..12], "--data", "data");

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await client.GetAsync("/v1/jobs", patience.Token)).StatusCode == HttpStatusCode.OK)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
        }

        Assert.Matches(@"\trevoked \d{4}", await SayAsync("list", "--data", "data"));
        Assert.DoesNotContain(key[18..], await File.ReadAllTextAsync(_cosy.File("data/keys.json")));
    }

    [Theory]
    [InlineData("KEY_INVALID", "create", "--tenant", "a~b")]
    [InlineData("--concurrent is '0'", "create", "--concurrent", "0")]
    [InlineData("KEY_UNKNOWN", "revoke", "abcdefghijkl")]
    public async Task Keys_WhatCannotBe_IsSaid(string error, params string[] arguments)
    {
        var result = await _cosy.RunAsync(["keys", .. arguments, "--data", "data"]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(error, SomeSpace().Replace(result.Errors, " "));
        Assert.False(File.Exists(_cosy.File("data/keys.json")));
    }

    public void Dispose() => _cosy.Dispose();

    private async Task<string> SayAsync(params string[] arguments)
    {
        var result = await _cosy.RunAsync(["keys", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return Encoding.UTF8.GetString(result.Output);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex SomeSpace();
}
