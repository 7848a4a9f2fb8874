using System.Net;
using System.Net.Sockets;
using CosyOrleans.Frontend.Hosting;

namespace CosyOrleans.Frontend.Tests.Hosting;

public sealed class StartupTests
{
    [Fact]
    public async Task Run_PortInUse_SaysSoInOneLine()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var error = await FailAsync($"--Frontend:Urls=http://127.0.0.1:{port}", "--Frontend:Model=nowhere");

        Assert.StartsWith("error PORT_IN_USE: ", error);
        Assert.Contains($":{port}", error);
        Assert.Contains("--port", error);
    }

    [Fact]
    public async Task Run_NoModelThere_SaysSoInOneLine()
    {
        var error = await FailAsync("--Frontend:Urls=http://127.0.0.1:0", "--Frontend:Model=/nowhere/at/all");

        Assert.StartsWith("error MODEL_LOAD_FAILED: ", error);
        Assert.Contains("/nowhere/at/all", error);
        Assert.Contains("llm.pt", error);
    }

    [Fact]
    public async Task Run_DataFolderInUse_SaysSoInOneLine()
    {
        var data = Directory.CreateTempSubdirectory("cosy-");
        data.CreateSubdirectory("jobs");
        await using (new FileStream(Path.Combine(data.FullName, "jobs", ".lock"), FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var error = await FailAsync("--Frontend:Urls=http://127.0.0.1:0", "--Frontend:Model=nowhere", $"--Frontend:Data={data.FullName}");

            Assert.StartsWith("error DATA_IN_USE: ", error);
            Assert.Contains("--data", error);
        }

        data.Delete(recursive: true);
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://example.org:8080")]
    [InlineData("http://127.0.0.1:8080;http://192.168.1.2:8080")]
    public async Task Run_ReachableFromElsewhere_NeedsToBeAllowed(string urls)
    {
        var error = await FailAsync($"--Frontend:Urls={urls}", "--Frontend:Model=x");

        Assert.StartsWith("error BIND_NOT_ALLOWED: ", error);
        Assert.Contains("--allow-remote", error);
    }

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.1:0;http://[::1]:0")]
    [InlineData("http://127.8.9.1:80")]
    public void Check_Loopback_IsFine(string urls) => Assert.Empty(ServerAddresses.Check(new FrontendOptions { Urls = urls }));

    [Fact]
    public void Check_RemoteAndAllowed_IsFine() =>
        Assert.Empty(ServerAddresses.Check(new FrontendOptions { Urls = "http://0.0.0.0:80", AllowRemote = true }));

    [Theory]
    [InlineData("--Frontend:Urls=http://0.0.0.0:0", "--Frontend:AllowRemote=true")]
    [InlineData("--Frontend:Urls=http://127.0.0.1:0", "--Frontend:RequireKeys=true")]
    public async Task Run_KeysAskedForAndNone_NamesTheCommandThatMakesThem(params string[] args)
    {
        var error = await FailAsync(["--Frontend:Model=nowhere", .. args]);

        Assert.StartsWith("error KEYS_MISSING: ", error);
        Assert.Contains("cosy keys create", error);
    }

    [Fact]
    public async Task Run_KeysDamaged_RefusesAlsoWhereNoneAreAskedFor()
    {
        var data = Directory.CreateTempSubdirectory("cosy-");
        await File.WriteAllTextAsync(Path.Combine(data.FullName, "keys.json"), "{");

        var error = await FailAsync("--Frontend:Urls=http://127.0.0.1:0", "--Frontend:Model=nowhere", $"--Frontend:Data={data.FullName}");

        Assert.StartsWith("error KEYS_DAMAGED: ", error);
        data.Delete(recursive: true);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1;http://[::1]:2;http://localhost:3", false, false)]
    [InlineData("http://127.0.0.1:1", true, true)]
    [InlineData("http://127.0.0.1:1;http://10.0.0.1:1", false, true)]
    [InlineData("http://*:1", false, true)]
    [InlineData("http://+:1", false, true)]
    [InlineData("http://[::]:1", false, true)]
    public void RequireKeys_WhereOthersCanReachIt(string urls, bool asked, bool required) =>
        Assert.Equal(required, ServerAddresses.RequireKeys(new FrontendOptions { Urls = urls, RequireKeys = asked, AllowRemote = true }));

    [Fact]
    public async Task Run_ManyWrongOptions_ReportsAllAtOnce()
    {
        var error = await FailAsync(
            "--Frontend:Urls=ftp://x",
            "--Frontend:Threads=-1",
            "--Frontend:MaxBodyBytes=1",
            "--Synthesis:MaxRunning=0",
            "--Synthesis:FrameMilliseconds=3");

        Assert.StartsWith("error OPTIONS_INVALID: ", error);
        foreach (var name in new[] { "Frontend:Model", "Frontend:MaxBodyBytes", "Synthesis:FrameMilliseconds" })
        {
            Assert.Contains(name, error);
        }

        foreach (var part in new[] { "'ftp://x'", "Frontend:Threads is '-1'", "Synthesis:MaxRunning is '0'", "between 1 and 256" })
        {
            Assert.Contains(part, error);
        }
    }

    [Theory]
    [InlineData("--Synthesis:MaxRuning=3", "MaxRuning")]
    [InlineData("--Synthesis:MaxRunning=many", "MaxRunning")]
    public async Task Run_OptionNotUnderstood_NamesIt(string setting, string named) =>
        Assert.Contains(named, await FailAsync("--Frontend:Model=x", setting));

    private static async Task<string> FailAsync(params string[] args)
    {
        var errors = new StringWriter();
        var data = Directory.CreateTempSubdirectory("cosy-");
        Assert.Equal(1, await FrontendHost.RunAsync([$"--Frontend:Data={data.FullName}", .. args], configure: null, errors));
        data.Delete(recursive: true);
        var error = errors.ToString();
        Assert.Equal(1, error.Count(c => c == '\n'));
        Assert.DoesNotContain("   at ", error);
        return error;
    }
}
