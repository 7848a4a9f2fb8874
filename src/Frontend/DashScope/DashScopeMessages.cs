using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.DashScope;

/// <summary>The JSON messages of DashScope's WebSocket for speech. Those of the server stay below 4096 bytes, which some clients read at most.</summary>
internal static class DashScopeMessages
{
    /// <summary>Characters (UTF-16) of one text in a message: each may take six bytes.</summary>
    private const int MostText = 500;

    private const int MostTaskId = 64;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="Errors.RequestException">It is no JSON object.</exception>
    /// <exception cref="DashScopeException">It makes no sense, for the task that it names.</exception>
    public static DashScopeCommand Read(ReadOnlyMemory<byte> message)
    {
        var json = OpenJson.Parse(message);
        var header = json.In("header");
        var task = header.Text("task_id") ?? "";
        var action = header.Text("action");
        var payload = json.In("payload");
        var input = payload.In("input");
        if (task.Length == 0)
        {
            header.Wrong("header.task_id is missing.", "Give every message the task_id of its task.");
        }

        DashScopeCommand? command = action switch
        {
            "run-task" => Run(task, payload, input),
            "continue-task" => input.Flag("flush") == true ? new DashScopeCommand.Flush(task) : new DashScopeCommand.Continue(task, input.Text("text") ?? ""),
            "finish-task" => new DashScopeCommand.Finish(task),
            _ => null,
        };
        if (command is null)
        {
            header.Wrong($"header.action {Quoted.Value(action ?? "")} is unknown.", "Give the action run-task, continue-task or finish-task.");
        }

        return json.Violations.Count == 0 ? command! : throw new DashScopeException(task, SpeechException.Invalid(json.Violations));
    }

    public static byte[] Started(string task) => Event("task-started", task, new { });

    public static byte[] Finished(string task, int characters) => Event("task-finished", task, new { output = new { sentence = new { words = Array.Empty<object>() } }, usage = new { characters } });

    /// <param name="type">sentence-begin, sentence-synthesis or sentence-end.</param>
    /// <param name="index">Of the sentence in its task, from 0.</param>
    /// <param name="characters">Of the task so far; null where they are not told.</param>
    /// <param name="originalText">What was spoken; its beginning, where it is long.</param>
    public static byte[] Sentence(
        string task, string type, int index = 0, int? characters = null, string? originalText = null, IReadOnlyList<DashScopeWord>? words = null) => Event("result-generated", task, new
    {
        output = new { type, sentence = new { index, words = words ?? [] }, originalText = originalText is null ? null : Cut(originalText, MostText) },
        usage = characters is { } count ? new { characters = count } : null,
    });

    public static byte[] Failed(string task, SpeechException error) => Serialize(new
    {
        header = new
        {
            taskId = Cut(task, MostTaskId),
            @event = "task-failed",
            errorCode = DashScopeErrors.CodeOf(error.Kind),
            errorMessage = Cut(DashScopeErrors.MessageOf(error), MostText),
            attributes = new { },
        },
        payload = new { },
    });

    private static DashScopeCommand.Run Run(string task, OpenJson payload, OpenJson input)
    {
        var (request, output, gain, isTimed) = DashScopeParameters.Read(payload.In("parameters"));
        return new DashScopeCommand.Run(task, request with { TaskId = task }, output, gain, input.Text("text"), isTimed);
    }

    private static byte[] Event(string name, string task, object payload) =>
        Serialize(new { header = new { taskId = Cut(task, MostTaskId), @event = name, attributes = new { } }, payload });

    private static byte[] Serialize(object message) => JsonSerializer.SerializeToUtf8Bytes(message, Json);

    private static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var cut = new StringBuilder(most);
        foreach (var rune in text.EnumerateRunes())
        {
            if (cut.Length + rune.Utf16SequenceLength >= most)
            {
                break;
            }

            cut.Append(rune.ToString());
        }

        return cut.Append('…').ToString();
    }
}
