using CosyVoice.Audio;
using CosyVoice.Kernels;

namespace CosyVoice.Engine;

/// <summary>Fills the noise of a stream from its element <paramref name="first"/> on, [samples, harmonics] row-major.</summary>
public delegate void StreamNoise(long first, Span<float> noise);

/// <summary>
/// One utterance through a vocoder that sees both sides of a frame, piece by piece. The last frames of a piece are
/// vocoded again with the next one, which knows what follows: their samples are held back, their excitation is
/// kept so that both versions have the same phase, and the one fades into the other.
/// Samples returned in all: frames * hop.
/// </summary>
public sealed class VocoderStream : IDisposable
{
    /// <summary>Mel frames that are vocoded twice.</summary>
    public const int OverlapFrames = 8;

    private readonly IVocoder _vocoder;
    private readonly StreamNoise _noise;
    private readonly CrossFade _fade;
    private readonly Tensor _mel = new(); // Frames not yet given out, the overlap first.
    private float[] _heldExcitation = [];
    private float[] _heldSamples = [];
    private long _firstFrame; // Of _mel, in the stream.
    private bool _ended;

    public VocoderStream(IVocoder vocoder, StreamNoise noise, CrossFadeShape shape = CrossFadeShape.RaisedCosine)
    {
        (_vocoder, _noise) = (vocoder, noise);
        _fade = new CrossFade(shape, OverlapFrames * vocoder.HopLength);
    }

    /// <summary>Takes the next frames, [frames, 80], and returns the samples that are final by now.</summary>
    /// <param name="mel">May have no rows.</param>
    /// <param name="last">Nothing follows: returns all that is left.</param>
    public float[] Append(Tensor mel, bool last)
    {
        if (_ended)
        {
            throw new InvalidOperationException("The stream has ended; start another one for the next utterance.");
        }

        _ended = last;
        Take(mel);
        var overlap = _heldSamples.Length / _vocoder.HopLength;
        var fresh = _mel.Rows - overlap;
        if (fresh == 0 || (!last && fresh < OverlapFrames))
        {
            return last ? _heldSamples : [];
        }

        var firstSample = _firstFrame * _vocoder.HopLength;
        var samples = (long)_mel.Rows * _vocoder.HopLength;
        var output = _vocoder.Synthesize(_mel, _heldExcitation, noise => _noise(firstSample * (noise.Length / samples), noise));
        _fade.Apply(_heldSamples, output.Samples);
        return last ? output.Samples : Hold(output);
    }

    public void Dispose() => _mel.Dispose();

    private void Take(Tensor mel)
    {
        var before = _mel.Rows;
        if (before == 0)
        {
            _mel.Resize(mel.Rows, mel.Columns);
        }
        else
        {
            _mel.ResizeRows(before + mel.Rows);
        }

        mel.Span.CopyTo(_mel.RowRange(before, mel.Rows));
    }

    private float[] Hold(VocoderOutput output)
    {
        var held = OverlapFrames * _vocoder.HopLength;
        _heldExcitation = output.Excitation[^held..];
        _heldSamples = output.Samples[^held..];
        var gone = _mel.Rows - OverlapFrames;
        _mel.RowRange(gone, OverlapFrames).CopyTo(_mel.Span);
        _mel.ResizeRows(OverlapFrames);
        _firstFrame += gone;
        return output.Samples[..^held];
    }
}
