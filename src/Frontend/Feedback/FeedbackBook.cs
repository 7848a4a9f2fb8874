using System.Text.Encodings.Web;
using System.Text.Json;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.Feedback;

/// <summary>feedback/YYYY-MM.jsonl in the data folder: a line for each, in a form that a person can read.</summary>
internal sealed class FeedbackBook(FrontendOptions options, TimeProvider time) : IDisposable
{
    // Half a million lines or more in a month; whoever sends more than that means no listener.
    private const long MostBytes = 64 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SemaphoreSlim _writing = new(1);

    /// <exception cref="SpeechException">It cannot be stored.</exception>
    public async Task WriteAsync(string taskId, long score, string? comment, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var line = JsonSerializer.SerializeToUtf8Bytes(new { Time = now, TaskId = taskId, Score = score, Comment = comment }, Json);
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var folder = Path.Combine(options.Data, "feedback");
            Directory.CreateDirectory(folder);
            // Frontends of a cluster share the folder: a line is one write at the end of the file.
            await using var file = new FileStream(
                Path.Combine(folder, $"{now:yyyy-MM}.jsonl"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            if (file.Length + line.Length > MostBytes)
            {
                throw NotStored($"there are {file.Length} bytes of it this month, and at most {MostBytes} are kept", null);
            }

            await file.WriteAsync((byte[])[.. line, (byte)'\n'], cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotStored("the data folder cannot be written", e);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private static SpeechException NotStored(string reason, Exception? cause) => new(
        SpeechErrorKind.Internal,
        "FEEDBACK_NOT_STORED",
        $"The feedback could not be stored: {reason}.",
        "Whoever runs the server can make room on the disk of its data folder, or move feedback/*.jsonl away.",
        cause);
}
