using CosyVoice.Audio;
using CosyVoice.Kernels;
using CosyVoice.State;

namespace CosyVoice.Engine;

/// <summary>
/// One utterance through a vocoder, piece by piece, such that it sounds like the whole: the excitation runs on as if
/// nothing had been cut, and every frame is decoded with the vocoder's <see cref="VocoderReach"/> at either side. The last
/// ones of a piece are therefore held back, and those before and behind the cut are decoded twice; what remains of a
/// difference, if anything, fades over one frame.
/// </summary>
public sealed class VocoderStream : IVocoderStream
{
    /// <summary>Frames below which decoding does not pay while more follow.</summary>
    private const int WorthwhileFrames = 8;

    private readonly IExcitation _source;
    private readonly FrameQueue _mel = new();
    private readonly float[] _fadeIn; // [hop]
    private float[] _excitation = []; // Of the frames of _mel.
    private float[] _tail = []; // The former piece's version of the first frame not yet given out, [hop].
    private int _settled; // Frames whose excitation will not change.
    private int _given; // Frames given out.
    private int _end; // Frames that will be, when the passage that was prepared is decoded.
    private bool _ended;

    public VocoderStream(IVocoder vocoder, ExcitationNoise noise)
    {
        Vocoder = vocoder;
        _source = vocoder.BeginExcitation(noise);
        _fadeIn = [.. Enumerable.Range(0, vocoder.HopLength).Select(i => (float)(0.5 - (0.5 * Math.Cos(Math.PI * (i + 0.5) / vocoder.HopLength))))];
    }

    public IVocoder Vocoder { get; }

    public VocoderPassage? Prepare(Tensor mel, bool last)
    {
        if (_ended)
        {
            throw new InvalidOperationException("The stream has ended; start another one for the next utterance.");
        }

        _ended = last;
        _mel.Append(mel);
        AppendExcitation(_source.Append(mel, last));
        _end = last ? _mel.End : _mel.End - Vocoder.Reach.After;
        var worthwhile = last ? 1 : WorthwhileFrames;
        return _end - _given < worthwhile ? null : new(_mel.Frames, _excitation);
    }

    public float[] Take(float[] decoded)
    {
        var hop = Vocoder.HopLength;
        var samples = decoded[((_given - _mel.First) * hop)..((_end - _mel.First) * hop)];
        for (var i = 0; i < _tail.Length; i++)
        {
            samples[i] = _tail[i] + (_fadeIn[i] * (samples[i] - _tail[i]));
        }

        _tail = _end == _mel.End || Vocoder.Reach.IsAll ? [] : decoded.AsSpan((_end - _mel.First) * hop, hop).ToArray();
        _given = _end;
        var first = _mel.First;
        _mel.DropBefore(_end - Vocoder.Reach.Before);
        _excitation = _excitation[((_mel.First - first) * hop)..];
        return samples;
    }

    /// <remarks>
    /// About 7 kB for CosyVoice 2, 13 kB for CosyVoice 3: the frames still needed, their pitch and the tail. The excitation is
    /// made again from the pitch.
    /// </remarks>
    public void Save(StateWriter state)
    {
        _mel.Save(state);
        state.Write([_given, _tail.Length]);
        state.Write(_tail);
        _source.Save(state, _mel.First);
    }

    public void Restore(StateReader state)
    {
        var hop = Vocoder.HopLength;
        _mel.Restore(state);
        _given = state.ReadInt("frames given out", _mel.First, _mel.End);
        _tail = state.ReadFloats(state.ReadInt("samples of the tail", 0, hop));
        if (_tail.Length % hop != 0)
        {
            throw new StateException($"The state of a speech has a tail of {_tail.Length} samples; this vocoder makes {hop} or none.");
        }

        _excitation = _source.Restore(state, _mel.Frames, _mel.First);
        _settled = _mel.First + (_excitation.Length / hop);
    }

    public void Dispose()
    {
        _source.Dispose();
        _mel.Dispose();
    }

    private void AppendExcitation(ExcitationPiece piece)
    {
        var settled = (_settled - _mel.First) * Vocoder.HopLength;
        _excitation = [.. _excitation.AsSpan(0, settled), .. piece.Samples];
        _settled += piece.SettledFrames;
    }
}
