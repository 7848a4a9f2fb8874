using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.WebSockets;
using CosyOrleans.Service.Alignment;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.DashScope;

/// <summary>
/// One connection of a DashScope client: tasks, one after another.
/// </summary>
internal sealed class DashScopeTalk : ISocketTalk
{
    private readonly Func<ReadOnlyMemory<byte>, ValueTask> _tell;
    private readonly Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, ValueTask> _send;
    private readonly EncodedSession _session;
    private DashScopeTask? _task; // Under way; null: the next may begin.
    private string? _over; // The task before, of which messages may still be on their way.

    /// <param name="tell">Takes an event.</param>
    /// <param name="send">Takes an event and the sound that it announces, with nothing between them.</param>
    public DashScopeTalk(
        Func<ReadOnlyMemory<byte>, ValueTask> tell,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, ValueTask> send,
        ISynthesis synthesis,
        AudioEncoders encoders,
        TimeProvider time,
        ILogger<SpeechSession> logger,
        CancellationToken gone)
    {
        (_tell, _send) = (tell, send);
        _session = new EncodedSession(synthesis, encoders, TellAsync, SendAsync, SaidAsync, TimeSpan.FromSeconds(DashScopeErrors.TextIdleSeconds), time, logger, gone);
    }

    public Task Speaking => _session.Speaking;

    public Task StopAsync() => _session.StopAsync();

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    public async ValueTask TakeAsync(bool isText, ReadOnlyMemory<byte> message)
    {
        try
        {
            await TakeAsync(isText ? DashScopeMessages.Read(message)
                : throw RequestException.Malformed("The message is binary; clients send JSON.", "Send it as a text message."));
        }
        catch (RequestException e)
        {
            await FailAsync("", DashScopeTask.Wrong(e.Body.Message, e.Body.Solution));
        }
        catch (DashScopeException e)
        {
            await FailAsync(e.TaskId, e.Error);
        }
    }

    private async ValueTask TakeAsync(DashScopeCommand command)
    {
        var task = Volatile.Read(ref _task);
        if (command is DashScopeCommand.Run run)
        {
            await (task is null ? RunAsync(run) : _tell(DashScopeMessages.Failed(run.TaskId, DashScopeTask.Wrong(
                $"Task {Quoted.Value(task.Id)} is under way on this connection.", "Run the next task when that has finished, or on another connection."))));
        }
        else if (task?.Id != command.TaskId)
        {
            if (command.TaskId != Volatile.Read(ref _over))
            {
                await FailAsync(command.TaskId, DashScopeTask.Wrong("There is no such task on this connection.", "Begin it with run-task."));
            }
        }
        else
        {
            await GoOnAsync(task, command);
        }
    }

    private async ValueTask RunAsync(DashScopeCommand.Run run)
    {
        var task = new DashScopeTask(run.TaskId) { IsTimed = run.IsTimed };
        try
        {
            if (task.Add(run.Text ?? "") is { } tooLong)
            {
                throw tooLong;
            }

            await _session.PrepareAsync(run.Output, run.Gain, run.IsTimed);
        }
        catch (SpeechException e)
        {
            await FailAsync(run.TaskId, e);
            return;
        }

        Volatile.Write(ref _task, task);
        await _tell(DashScopeMessages.Started(run.TaskId));
        await _session.TakeAsync(new SpeechCommand.Begin(run.Request, run.Text));
    }

    private async ValueTask GoOnAsync(DashScopeTask task, DashScopeCommand command)
    {
        switch (command)
        {
            case DashScopeCommand.Continue more when task.Add(more.Text) is { } wrong:
                await FailAsync(task.Id, wrong);
                break;
            case DashScopeCommand.Continue more:
                await _session.TakeAsync(new SpeechCommand.Append(more.Text));
                break;
            case DashScopeCommand.Flush when !task.IsWritten:
                await _session.TakeAsync(new SpeechCommand.Flush());
                break;
            case DashScopeCommand.Finish when !task.IsWritten:
                task.IsWritten = true;
                await _session.TakeAsync(new SpeechCommand.End());
                break;
            default:
                break; // Said twice, it means no more than once.
        }
    }

    /// <summary>Fails a task: what is spoken of it ends first.</summary>
    private async ValueTask FailAsync(string id, SpeechException error)
    {
        if (Volatile.Read(ref _task) is { } task && (task.Id == id || id.Length == 0))
        {
            task.Fail(error);
            await _session.TakeAsync(new SpeechCommand.Cancel());
        }
        else
        {
            Volatile.Write(ref _over, id);
            await _tell(DashScopeMessages.Failed(id, error));
        }
    }

    private ValueTask TellAsync(SpeechEvent happened)
    {
        var task = Volatile.Read(ref _task);
        return (happened, task) switch
        {
            (_, null) or (SpeechEvent.Rejected, _) => ValueTask.CompletedTask, // It came at the last moment of a task that is over.
            (SpeechEvent.Started, _) => SentencesOf(task).BeginAsync(),
            (SpeechEvent.Finished, _) => FinishAsync(task),
            (SpeechEvent.Failed failed, _) => EndAsync(task, DashScopeMessages.Failed(task.Id, task.Failure ?? failed.Error)),
            _ => EndAsync(task, DashScopeMessages.Failed(task.Id, task.Failure ?? DashScopeTask.Wrong("The task was cancelled.", "Run it again."))),
        };
    }

    private async ValueTask FinishAsync(DashScopeTask task)
    {
        await SentencesOf(task).EndAsync();
        await EndAsync(task, DashScopeMessages.Finished(task.Id, task.Characters));
    }

    private ValueTask EndAsync(DashScopeTask task, byte[] message)
    {
        // Before the client knows, so that it may run the next one at once.
        Volatile.Write(ref _over, task.Id);
        Volatile.Write(ref _task, null);
        return _tell(message);
    }

    private ValueTask SendAsync(ReadOnlyMemory<byte> sound, double seconds) =>
        Volatile.Read(ref _task) is { } task ? SentencesOf(task).SoundAsync(sound, seconds) : ValueTask.CompletedTask;

    private ValueTask SaidAsync(SpokenSegment segment, double seconds) =>
        Volatile.Read(ref _task) is { } task ? SentencesOf(task).SaidAsync(segment, seconds) : ValueTask.CompletedTask;

    private DashScopeSentences SentencesOf(DashScopeTask task) => task.Sentences ??= new DashScopeSentences(task, _tell, _send);
}
