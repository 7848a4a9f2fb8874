using CosyOrleans.Service.Alignment;

namespace CosyOrleans.Frontend.DashScope;

/// <summary>
/// The sentences that a task is told as. All of it is one, unless it was asked when words are said: then each segment is one, or
/// several where its words do not fit into one message, and its text is the text as it was read out. One call at a time.
/// </summary>
/// <param name="tell">Takes an event.</param>
/// <param name="send">Takes an event and the sound that it announces, with nothing between them.</param>
internal sealed class DashScopeSentences(
    DashScopeTask task, Func<ReadOnlyMemory<byte>, ValueTask> tell, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, ValueTask> send)
{
    private int _index;
    private bool _isOpen;
    private double _ended; // Seconds of the task, where the last sentence did.

    public ValueTask BeginAsync()
    {
        _isOpen = true;
        return tell(DashScopeMessages.Sentence(task.Id, "sentence-begin", _index));
    }

    /// <summary>
    /// Sound, of the sentence that is open or of the next one; or of the last one, where an encoder held it back and nothing followed.
    /// </summary>
    /// <param name="seconds">Of the task, from which it may be.</param>
    public async ValueTask SoundAsync(ReadOnlyMemory<byte> sound, double seconds)
    {
        var isLate = !_isOpen && seconds <= _ended;
        await (isLate ? ValueTask.CompletedTask : OpenAsync());
        await send(DashScopeMessages.Sentence(task.Id, "sentence-synthesis", isLate ? _index - 1 : _index, task.Characters), sound);
    }

    /// <summary>A segment has been spoken.</summary>
    /// <param name="seconds">Of the task up to there.</param>
    public async ValueTask SaidAsync(SpokenSegment segment, double seconds)
    {
        _ended = seconds;
        foreach (var (text, words) in DashScopeWord.Sentences(segment))
        {
            await OpenAsync();
            await tell(DashScopeMessages.Sentence(task.Id, "sentence-end", _index, task.Characters, text, words));
            (_index, _isOpen) = (_index + 1, false);
        }
    }

    /// <summary>All sound has been sent.</summary>
    public ValueTask EndAsync() => _isOpen
        ? tell(DashScopeMessages.Sentence(task.Id, "sentence-end", _index, task.Characters, task.IsTimed ? null : task.Text))
        : ValueTask.CompletedTask;

    private ValueTask OpenAsync() => _isOpen ? ValueTask.CompletedTask : BeginAsync();
}
