using CosyVoice.Audio;
using CosyVoice.Kernels;
using CosyVoice.State;

namespace CosyVoice.Engine;

/// <summary>
/// The streaming schedule of the CosyVoice 2 reference, for comparison with it. Every piece is vocoded by itself, with
/// the last frames of the former piece in front of it, whose excitation replaces the head of the new one.
/// </summary>
/// <remarks>
/// Three defects of it are why <see cref="VocoderStream"/> exists: the phase of the excitation jumps where the
/// replaced head ends, the pitch of the last frames is guessed without what follows, and the halves of
/// the fading window sum to 1.08. Noise, too, starts from the first element with every piece.
/// </remarks>
internal sealed class ReferenceVocoderStream : IVocoderStream
{
    private const int OverlapFrames = 8;

    private readonly ExcitationNoise _noise;
    private readonly FrameQueue _mel = new(); // The overlap, then the piece.
    private readonly int _overlap;
    private float[] _excitation = []; // Of the passage that was prepared.
    private float[] _heldExcitation = [];
    private float[] _heldSamples = [];
    private bool _last;

    public ReferenceVocoderStream(IVocoder vocoder, ExcitationNoise noise)
    {
        (Vocoder, _noise) = (vocoder, noise);
        _overlap = OverlapFrames * vocoder.HopLength;
    }

    public IVocoder Vocoder { get; }

    /// <remarks>A piece that is not the last has at least 8 frames.</remarks>
    public VocoderPassage? Prepare(Tensor mel, bool last)
    {
        _mel.Append(mel);
        if (!last && _mel.Frames.Rows < OverlapFrames)
        {
            throw new ArgumentException($"A piece that is not the last needs {OverlapFrames} mel frames, not {mel.Rows}.", nameof(mel));
        }

        using var source = Vocoder.BeginExcitation(_noise);
        (_excitation, _last) = (source.Append(_mel.Frames, last: true).Samples, last);
        _heldExcitation.CopyTo(_excitation);
        return new(_mel.Frames, _excitation);
    }

    public float[] Take(float[] decoded)
    {
        for (var i = 0; i < _heldSamples.Length; i++)
        {
            decoded[i] = (Hamming(i) * decoded[i]) + (Hamming(i + _overlap) * _heldSamples[i]);
        }

        if (_last)
        {
            return decoded;
        }

        (_heldExcitation, _heldSamples) = (_excitation[^_overlap..], decoded[^_overlap..]);
        _mel.DropBefore(_mel.End - OverlapFrames);
        return decoded[..^_overlap];
    }

    public void Save(StateWriter state)
    {
        _mel.Save(state);
        state.Write(_heldSamples.Length);
        state.Write(_heldExcitation);
        state.Write(_heldSamples);
    }

    public void Restore(StateReader state)
    {
        _mel.Restore(state);
        var held = state.ReadInt("samples held", 0, _overlap);
        (_heldExcitation, _heldSamples) = (state.ReadFloats(held), state.ReadFloats(held));
    }

    public void Dispose() => _mel.Dispose();

    /// <summary>The symmetric window of twice the overlap.</summary>
    private float Hamming(int i) => (float)(0.54 - (0.46 * Math.Cos(2 * Math.PI * i / ((2 * _overlap) - 1))));
}
