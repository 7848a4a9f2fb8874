using System.Buffers;
using CosyOrleans.Service.Alignment;

namespace CosyOrleans.Frontend.ElevenLabs;

/// <summary>
/// The sound of one speech as messages: each piece at once; or, where the client asked when characters are said, held back until its
/// segment has ended, because that is not known before. One call at a time.
/// </summary>
/// <param name="tell">Takes a message.</param>
internal sealed class ElevenLabsSound(Func<ReadOnlyMemory<byte>, ValueTask> tell)
{
    // Of sound in a message with times: clients of WebSockets often take 1 MiB at most, and base64 makes a third more of it.
    private const int MostBytes = 384 * 1024;

    private readonly ArrayBufferWriter<byte> _held = new();
    private readonly List<SpokenSpan> _characters = []; // Of the sound that is held back.
    private double _sent; // Seconds of sound in all messages so far.

    /// <summary>Whether to send every piece with the times of its characters.</summary>
    public bool IsTimed { get; init; }

    public ValueTask AddAsync(ReadOnlyMemory<byte> sound)
    {
        if (!IsTimed)
        {
            return tell(ElevenLabsMessages.Sound(sound, null));
        }

        _held.Write(sound.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>The sound that was added is that of this segment, up to so many seconds of the speech.</summary>
    public ValueTask SaidAsync(SpokenSegment segment, double seconds)
    {
        _characters.AddRange(SegmentTimes.Characters(segment));
        return SendAsync(seconds);
    }

    /// <summary>What was added behind the last segment.</summary>
    public ValueTask FinishAsync() => SendAsync(_characters.Count > 0 ? Math.Max(_sent, _characters[^1].End) : _sent);

    private async ValueTask SendAsync(double seconds)
    {
        var begin = _sent;
        for (var at = 0; at < _held.WrittenCount;)
        {
            var from = at;
            at = Math.Min(at + MostBytes, _held.WrittenCount);
            var isLast = at == _held.WrittenCount;
            var end = isLast ? seconds : begin + ((seconds - begin) * at / _held.WrittenCount); // Bytes are spread evenly over time, or almost.
            var count = isLast ? _characters.Count : _characters.TakeWhile(character => character.Begin < end).Count();
            var alignment = ElevenLabsAlignment.Of(_characters[..count], _sent, end);
            _characters.RemoveRange(0, count);
            _sent = end;
            await tell(ElevenLabsMessages.Sound(_held.WrittenMemory[from..at], alignment));
        }

        _held.ResetWrittenCount();
    }
}
