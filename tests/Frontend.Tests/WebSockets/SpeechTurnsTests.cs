using CosyOrleans.Frontend.WebSockets;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Tests.WebSockets;

public sealed class SpeechTurnsTests
{
    private static readonly SpeechCommand Begin = new SpeechCommand.Begin(new SpeakRequest());
    private static readonly SpeechCommand Text = new SpeechCommand.Append("a");
    private static readonly SpeechCommand Flush = new SpeechCommand.Flush();
    private static readonly SpeechCommand End = new SpeechCommand.End();
    private static readonly SpeechCommand Cancel = new SpeechCommand.Cancel();

    private readonly SpeechTurns _turns = new();

    [Fact]
    public void Take_SpeechesOneAfterAnother_AllIsFollowed()
    {
        for (var i = 0; i < 3; i++)
        {
            Followed(Begin, Text, Flush, Text, End);
            _turns.Over();
        }
    }

    [Fact]
    public void Take_BeginWhileOneIsUnderWay_IsRefused()
    {
        Followed(Begin);
        Refused(Begin, "under way");
        Followed(End);
        Refused(Begin, "under way");
    }

    [Fact]
    public void Take_TextWithoutASpeech_IsRefused()
    {
        Refused(Text, "no speech");
        Refused(Flush, "no speech");
        Refused(End, "no speech");
        Followed(Begin, End);
        Refused(Text, "already ended");
        Refused(End, "already ended");
        _turns.Over();
        Refused(Text, "no speech");
    }

    [Fact]
    public void Take_TextOfASpeechThatIsOver_IsIgnoredUntilTheNext()
    {
        Followed(Begin, Text);
        _turns.Over();
        Ignored(Text, Flush, End, Cancel);
        Followed(Begin, Text, End);
    }

    [Fact]
    public void Take_Cancel_OnlyWhereThereIsSomethingToCancel()
    {
        Ignored(Cancel);
        Followed(Begin, Cancel);
        Followed(Cancel);
        _turns.Over();
        Ignored(Cancel);
    }

    private void Followed(params SpeechCommand[] commands) => Assert.All(commands, command => Assert.Equal((true, null), _turns.Take(command)));

    private void Ignored(params SpeechCommand[] commands) => Assert.All(commands, command => Assert.Equal((false, null), _turns.Take(command)));

    private void Refused(SpeechCommand command, string reason)
    {
        var (isFollowed, error) = _turns.Take(command);
        Assert.False(isFollowed);
        Assert.Contains(reason, error!.Message, StringComparison.Ordinal);
        Assert.Equal(SpeechErrorKind.Invalid, error.Kind);
    }
}
