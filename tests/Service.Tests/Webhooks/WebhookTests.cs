using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Local;
using CosyOrleans.Service.Tests.Jobs;
using CosyOrleans.Service.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Webhooks;

public sealed class WebhookTests : IDisposable
{
    private const string Secret = "0123456789abcdef";

    private static readonly JobsOptions Open = new() { PrivateWebhooks = true, PlainWebhooks = true };
    private static readonly WebhookBody Body = new("job", "j/job/1", new WebhookJob("j", JobPhase.Completed, 1, 1, 0, null), null);

    private readonly Receiver _receiver = new();

    [Theory]
    [InlineData("http://example.com/x", "is not https")]
    [InlineData("ftp://example.com/x", "no URL of a web server")]
    [InlineData("//example.com", "no URL of a web server")]
    [InlineData("file:///etc/passwd", "no URL of a web server")]
    [InlineData("https://me:secret@example.com/", "holds a user name or password")]
    [InlineData("https://127.0.0.1/", "a private network")]
    [InlineData("https://2130706433/", "a private network")]
    [InlineData("https://0x7f.1/", "a private network")]
    [InlineData("https://10.1.2.3:8443/", "a private network")]
    [InlineData("https://172.31.0.1/", "a private network")]
    [InlineData("https://192.168.0.1/", "a private network")]
    [InlineData("https://169.254.169.254/latest/meta-data", "a private network")]
    [InlineData("https://100.64.0.1/", "a private network")]
    [InlineData("https://0.0.0.0/", "a private network")]
    [InlineData("https://255.255.255.255/", "a private network")]
    [InlineData("https://[::1]/", "a private network")]
    [InlineData("https://[::]/", "a private network")]
    [InlineData("https://[fe80::1]/", "a private network")]
    [InlineData("https://[fd00::1]/", "a private network")]
    [InlineData("https://[::ffff:127.0.0.1]/", "a private network")]
    [InlineData("https://[64:ff9b::7f00:1]/", "a private network")]
    [InlineData("https://[2002:7f00:1::]/", "a private network")]
    public void Target_ThatOnlyThisServerCanReach_IsRefused(string url, string why) => Assert.Contains(why, WebhookTarget.WhyNot(url, new JobsOptions()));

    [Theory]
    [InlineData("https://example.com/told?x=1")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://[2606:4700::1111]/")]
    public void Target_ThatEverybodyCanReach_IsTaken(string url) => Assert.Null(WebhookTarget.WhyNot(url, new JobsOptions()));

    [Fact]
    public async Task Send_NameThatLeadsToThisMachine_ConnectsToNothing()
    {
        using var sender = new WebhookSender(new JobsOptions { PlainWebhooks = true }, TimeProvider.System);

        var problem = await sender.SendAsync(new WebhookPlan(_receiver.Url.Replace("127.0.0.1", "localhost"), Secret, false), Body, default);

        Assert.Contains("leads to an address of a private network", problem);
        Assert.Empty(_receiver.Calls);
    }

    [Fact]
    public async Task Send_Redirection_IsNotFollowed()
    {
        _receiver.Answer = before => before == 0 ? 302 : 204;
        using var sender = new WebhookSender(Open, TimeProvider.System);

        Assert.Equal("the receiver answered 302", await sender.SendAsync(new WebhookPlan(_receiver.Url, Secret, false), Body, default));
        Assert.Single(_receiver.Calls);
    }

    [Fact]
    public void Signature_OfAKnownCall_IsWhatAnyProgramComputes() => Assert.Equal(
        // printf '%s' '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
        "v1=9eb18f493f8ec135d9eb2dad817c369bb4e9cbfa818657897a7437c1cd8c3a23", WebhookSignature.Of(Secret, "1700000000", "{\"a\":1}"u8));

    [Fact]
    public async Task Order_WithoutSecretOrWithAClosedTarget_IsRefused()
    {
        await using var bench = await JobBench.StartAsync();

        var error = await Assert.ThrowsAsync<SpeechException>(() => bench.OrderAsync("""{"items":["a"],"webhook":"https://10.0.0.1/","webhook_secret":"short","webhook_events":"all"}"""));

        Assert.Contains("leads to an address of a private network", error.Message);
        Assert.Contains("webhook_secret has not 16 to 256", error.Message);
        Assert.Contains("webhook_events 'all' is unknown", error.Message);
    }

    [Fact]
    public async Task Restart_BeforeAReceiverAnswers_TellsTheRestAndNothingTwice()
    {
        var data = Directory.CreateTempSubdirectory("cosy-webhook-").FullName;
        await using var bench = await JobBench.StartAsync(Open);
        _receiver.Answer = before => before < 1 ? 204 : 503;
        var first = await StartAsync(data);
        using (var order = await bench.OrderAsync($$"""{"id":"job","items":["a","b"],"webhook":"{{_receiver.Url}}","webhook_secret":"{{Secret}}","webhook_events":"items"}"""))
        {
            await first.SubmitAsync(order, default);
        }

        await _receiver.WhenAsync(2);
        await first.DisposeAsync();
        var before = _receiver.Calls.Count;
        _receiver.Answer = _ => 204;
        await using (var second = await StartAsync(data))
        {
            await _receiver.WhenAsync(before + 2);
            using var patience = new CancellationTokenSource(TestService.Patience);
            while ((await second.FindAsync("job", patience.Token))!.Webhook!.Told is null)
            {
                await Task.Yield();
            }
        }

        Assert.Equal("job/item/1/done", _receiver.Calls.First().Id);
        Assert.All(_receiver.Calls.Skip(1).Take(before - 1), call => Assert.Equal("job/item/2/done", call.Id));
        Assert.Equal(["job/item/2/done", "job/job"], _receiver.Calls.Skip(before).Select(call => call.Id[..Math.Min(call.Id.Length, call.Id.StartsWith("job/job") ? 7 : 99)]));
        await using (var third = await StartAsync(data))
        {
            Assert.NotNull((await third.FindAsync("job", default))!.Webhook!.Told);
        }

        Assert.Equal(before + 2, _receiver.Calls.Count);
        Directory.Delete(data, recursive: true);
    }

    public void Dispose() => _receiver.Dispose();

    private static async Task<LocalJobs> StartAsync(string data)
    {
        var jobs = new LocalJobs(data, new ScriptedSynthesis(), new HurriedTime(), NullLoggerFactory.Instance, options: Open);
        await jobs.StartAsync(goOn: true, default);
        return jobs;
    }
}
