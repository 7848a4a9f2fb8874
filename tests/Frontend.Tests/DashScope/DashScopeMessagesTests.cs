using System.Text;
using System.Text.Json;
using CosyOrleans.Frontend.DashScope;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.Tests.DashScope;

public sealed class DashScopeMessagesTests
{
    private static readonly string[] Good =
    [
        """{"header":{"action":"run-task","task_id":"t","streaming":"duplex"},"payload":{"task_group":"audio","task":"tts","function":"SpeechSynthesizer","model":"cosyvoice-v2","parameters":{"text_type":"PlainText","voice":"amy","format":"wav","sample_rate":16000,"volume":25,"rate":1.5,"pitch":1,"seed":9,"instruction":"Softly.","hot_fix":{},"language_hints":["zh"]},"input":{}}}""",
        """{"header":{"action":"continue-task","task_id":"t"},"payload":{"input":{"text":"One \u4f60"}}}""",
        """{"header":{"action":"continue-task","task_id":"t"},"payload":{"input":{"flush":true}}}""",
        """{"header":{"action":"finish-task","task_id":"t"},"payload":{"input":{}}}""",
    ];

    [Fact]
    public void Read_Run_HasItsParameters()
    {
        var run = Assert.IsType<DashScopeCommand.Run>(DashScopeMessages.Read(Encoding.UTF8.GetBytes(Good[0])));
        Assert.Equal(("amy", 1.5, 9L, "Softly.", "t"), (run.Request.SpeakerId, run.Request.Speed, run.Request.Seed, run.Request.Instruction, run.Request.TaskId));
        Assert.Equal((0.5, 16000, "Wav"), (run.Gain, run.Output.SampleRate, run.Output.Format.ToString()));
    }

    [Fact]
    public void Read_AnyBytes_AreACommandOrAReason()
    {
        var random = new Random(12);
        var understood = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var message = MutatedBytes.Of(Good[random.Next(Good.Length)], random);
            understood += IsUnderstood(message) ? 1 : 0;
        }

        Assert.InRange(understood, 2000, 19_000);
    }

    [Theory]
    [InlineData("\u0001")]
    [InlineData("你")]
    [InlineData("😀")]
    [InlineData("\ud83d")]
    public void Write_WhateverIsSaid_StaysBelow4096Bytes(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 5000));
        var messages = new[]
        {
            DashScopeMessages.Sentence(text, "sentence-end", int.MaxValue, int.MaxValue, text),
            DashScopeMessages.Failed(text, SpeechException.Invalid([new Violation("X", text, text)])),
            DashScopeMessages.Started(text),
            DashScopeMessages.Finished(text, int.MaxValue),
        };
        Assert.All(messages, message =>
        {
            Assert.InRange(message.Length, 1, 4095);
            JsonDocument.Parse(message).Dispose();
        });
    }

    [Fact]
    public void Count_Ideographs_AreTwo() => Assert.Equal(9, BilledCharacters.Count("ab 你好。😀"));

    private static bool IsUnderstood(byte[] message)
    {
        try
        {
            Assert.NotNull(DashScopeMessages.Read(message));
            return true;
        }
        catch (Exception e) when (e is RequestException or DashScopeException)
        {
            return false;
        }
    }
}
