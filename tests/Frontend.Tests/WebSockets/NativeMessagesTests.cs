using System.Text;
using System.Text.Json;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.WebSockets;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Tests.WebSockets;

public sealed class NativeMessagesTests
{
    private static readonly string[] Good =
    [
        """{"type":"start","speaker_id":"amy","seed":7,"speed":1.5,"emotion":"sad","format":"pcm","text":"Hello"}""",
        """{"type":"text","text":"One \u4f60 [h][ào] 3.5"}""", """{"type":"flush"}""", """{"type":"end"}""", """{"type":"cancel"}""",
        """{"type":"buffer","milliseconds":250}""",
    ];

    [Fact]
    public void Read_Start_HasTheFieldsOfTts()
    {
        var begin = Assert.IsType<SpeechCommand.Begin>(Read(Good[0]));

        Assert.Equal(
            new SpeakRequest { SpeakerId = "amy", Seed = 7, Speed = 1.5, Emotion = "sad" }, begin.Request with { Unreadable = new SpeakRequest().Unreadable });
        Assert.Empty(begin.Request.Unreadable);
        Assert.Equal("Hello", begin.Text);
        Assert.Equal(new SpeechCommand.Append("One 你 [h][ào] 3.5"), Read(Good[1]));
        Assert.Equal((new SpeechCommand.Flush(), new SpeechCommand.End(), new SpeechCommand.Cancel()), (Read(Good[2]), Read(Good[3]), Read(Good[4])));
    }

    [Fact]
    public void Read_StartWithWrongFields_BringsAllOfThemToTheService()
    {
        var begin = Assert.IsType<SpeechCommand.Begin>(Read("""{"type":"start","stream":true,"seed":"x","format":"mp3","source_audio":"AAAA"}"""));

        var problems = string.Join(' ', begin.Request.Unreadable.Select(violation => violation.Message));
        Assert.All(["'stream'", "'source_audio'", "seed is text", "mp3"], part => Assert.Contains(part, problems, StringComparison.Ordinal));
        Assert.NotEmpty(Assert.IsType<SpeechCommand.Begin>(Read("""{"type":"start","format":"wav"}""")).Request.Unreadable);
    }

    [Theory]
    [InlineData("""{"type":"buffer"}""", "milliseconds is missing")]
    [InlineData("""{"type":"buffer","milliseconds":-1}""", "outside its range")]
    [InlineData("{}", "type is missing")]
    [InlineData("""{"type":"stop"}""", "'stop'")]
    [InlineData("""{"type":7}""", "type is '7'")]
    [InlineData("""{"type":"text"}""", "text is missing")]
    [InlineData("""{"type":"text","text":5}""", "text is '5'")]
    [InlineData("""{"type":"text","text":"a","seed":5}""", "'seed'")]
    [InlineData("""{"type":"flush","type":"end"}""", "more than once")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("", "empty")]
    [InlineData("nonsense", "not valid JSON")]
    public void Read_Wrong_SaysWhatIsWrong(string message, string reason) => Assert.Contains(reason, Reason(Encoding.UTF8.GetBytes(message)), StringComparison.Ordinal);

    [Fact]
    public void Read_AnyBytes_AreACommandOrAReason()
    {
        var random = new Random(11);
        var understood = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var message = MutatedBytes.Of(Good[random.Next(Good.Length)], random);
            understood += Reason(message) is null ? 1 : 0;
        }

        Assert.InRange(understood, 2000, 19_000);
    }

    [Fact]
    public void Write_Events_AreObjectsWithAnEvent()
    {
        var details = new SpeechDetails("t", "amy", 7, 24000) { VoiceVersion = 2, Warnings = ["It is short."] };
        AssertWrites(
            """{"event":"started","task_id":"t","voice":"amy","voice_version":2,"seed":7,"format":"pcm","sample_rate":24000,"channels":1,"warnings":["It is short."]}""",
            new SpeechEvent.Started(details));
        AssertWrites("""{"event":"finished","task_id":"t","samples":36000,"seconds":1.5,"characters":9}""", new SpeechEvent.Finished(details, 36000, 9));
        AssertWrites("""{"event":"cancelled","task_id":"t"}""", new SpeechEvent.Cancelled("t"));
        var busy = new SpeechException(SpeechErrorKind.Busy, "SERVER_BUSY", "Full.", "Wait.") { RetryAfter = TimeSpan.FromSeconds(1.2) };
        AssertWrites("""{"event":"failed","task_id":"t","error":"SERVER_BUSY","message":"Full.","solution":"Wait.","retry_after":2}""", new SpeechEvent.Failed("t", busy));
        AssertWrites("""{"event":"error","error":"SERVER_BUSY","message":"Full.","solution":"Wait.","retry_after":2}""", new SpeechEvent.Rejected(busy));
        AssertWrites(
            """{"event":"failed","error":"SERVER_BUSY","message":"Full.","solution":"Wait.","retry_after":2}""", new SpeechEvent.Failed(new string('t', 1000), busy));
    }

    private static void AssertWrites(string expected, SpeechEvent happened)
    {
        var written = Encoding.UTF8.GetString(NativeMessages.Write(happened));
        Assert.Equal(expected, written);
        JsonDocument.Parse(written).Dispose();
    }

    private static SpeechCommand Read(string message) => NativeMessages.Read(Encoding.UTF8.GetBytes(message));

    private static string? Reason(byte[] message)
    {
        try
        {
            Assert.NotNull(NativeMessages.Read(message));
            return null;
        }
        catch (Exception e) when (e is RequestException or SpeechException)
        {
            return e.Message;
        }
    }
}
