using CosyOrleans.Grains.Messages;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Grains.Tests.Synthesis;

/// <summary>Text that is still being written reaches whichever worker speaks it.</summary>
public sealed class FollowedTextTests : FollowedSpeechBench
{
    [Fact]
    public async Task Follow_TextBeingWritten_GoesToTheWorkerAsItComes()
    {
        var worker = Add("a");
        var text = new TextInput();
        text.Append("a");
        var listener = ListenAsync(Start(text));
        var call = worker.Take();
        Assert.Empty(worker.Written); // Nobody knows yet whether the call arrived.
        call.Say(SpeechPart.Heartbeat);
        await WrittenAsync(worker, call, "a");
        text.Append("b");
        text.Flush();
        await WrittenAsync(worker, call, "a", "b", "");
        text.Complete();
        await WrittenAsync(worker, call, "a", "b", "", "END");
        call.Begin();
        call.Frame(0);
        call.End();

        Assert.Equal([0], await listener);
    }

    [Fact]
    public async Task Follow_WorkerOfWrittenTextLost_TheOtherGetsAllOfTheTextAndGoesOn()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var text = new TextInput();
        text.Append("a");
        var listener = ListenAsync(Start(text));
        var call = first.Take();
        call.Begin();
        call.Frame(0, checkpoint: true);
        await DeliveredAsync(1);
        await WrittenAsync(first, call, "a");
        text.Append("b");
        first.Disconnect();
        var resumed = second.Take();
        Assert.Equal((1, 0), (resumed.Message.Resume!.FrameNumber, resumed.Message.Resume.Checkpoint!.SampleOffset));
        Assert.NotEqual(call.Message.TextId, resumed.Message.TextId);
        resumed.Begin();
        text.Append("c");
        text.Complete();
        await WrittenAsync(second, resumed, "a", "b", "c", "END");
        resumed.Frame(1);
        resumed.End();

        Assert.Equal([0, 1], await listener);
    }

    [Fact]
    public async Task Follow_WorkerThatCannotBeWrittenTo_IsLeft()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        first.IsDeaf = true;
        var text = new TextInput();
        text.Append("a");
        text.Complete();
        var listener = ListenAsync(Start(text));
        first.Take().Say(SpeechPart.Heartbeat);

        var call = second.Take();
        call.Begin();
        await WrittenAsync(second, call, "a", "END");
        call.Frame(0);
        call.End();
        Assert.Equal([0], await listener);
    }

    private static async Task WrittenAsync(ScriptedWorker worker, ScriptedWorker.Call call, params string[] pieces)
    {
        await Eventually.Async(() => worker.Written.Count >= pieces.Length, $"{pieces.Length} pieces were written");
        Assert.Equal(pieces.Select(piece => (call.Message.TextId!, piece)), worker.Written);
    }
}
