using System.Text;
using CosyOrleans.Frontend.DashScope;
using CosyOrleans.Frontend.WebSockets;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Tests;
using CosyOrleans.Service.Tests.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Frontend.Tests.DashScope;

public sealed class DashScopeTimeoutTests
{
    [Fact]
    public async Task Talk_NoTextFor23Seconds_Fails()
    {
        await using var service = await TestService.StartAsync();
        var time = new TimerTime();
        var failed = new TaskCompletionSource<string>();
        await using var talk = new DashScopeTalk(Tell, (_, _) => ValueTask.CompletedTask, service.Synthesis, new AudioEncoders(new FormatOptions(), TimeProvider.System), time, NullLogger<SpeechSession>.Instance, default);
        time.Advance(TimeSpan.FromHours(1)); // Of an idle connection; the clock starts with the task.
        await talk.TakeAsync(true, """{"header":{"action":"run-task","task_id":"t"},"payload":{"parameters":{"format":"pcm"},"input":{}}}"""u8.ToArray());

        Assert.Equal(TimeSpan.FromSeconds(23), await time.NextAsync());
        Assert.Contains("\"error_message\":\"request timeout after 23 seconds\"", await failed.Task.WaitAsync(TestService.Patience), StringComparison.Ordinal);

        ValueTask Tell(ReadOnlyMemory<byte> message)
        {
            var text = Encoding.UTF8.GetString(message.Span);
            if (text.Contains("task-failed", StringComparison.Ordinal))
            {
                failed.TrySetResult(text);
            }

            return ValueTask.CompletedTask;
        }
    }
}
