using CosyVoice.Audio;
using CosyVoice.Engine;
using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>
/// The excitation of one utterance. A frame is settled when its own pitch and that of the next frame, towards which its
/// second half moves, were predicted with all the frames that the predictor looks at.
/// </summary>
internal sealed class HiftExcitation(
    F0Predictor predictor, HarmonicSource source, HiftConfig config, Workers workers, HiftScratchPool pool,
    ExcitationNoise noise, HiftTrace? trace) : IExcitation
{
    private readonly FrameQueue _mel = new();
    private ulong[] _phases = []; // [waves] at the centre of the last settled frame; empty before there is one.
    private int _settled;

    public ExcitationPiece Append(Tensor mel, bool last)
    {
        _mel.Append(mel);
        if (_mel.End == _settled)
        {
            return new([], 0);
        }

        var scratch = pool.Rent();
        try
        {
            var excitation = Excite(scratch);
            var settled = last ? _mel.End : Math.Max(_settled, _mel.End - F0Predictor.Reach - 1);
            var piece = new ExcitationPiece(excitation, settled - _settled);
            Settle(piece.SettledFrames, scratch.Phases);
            return piece;
        }
        finally
        {
            pool.Return(scratch);
        }
    }

    public void Dispose() => _mel.Dispose();

    /// <returns>From the first frame not settled on, [frames * hop].</returns>
    private float[] Excite(HiftScratch scratch)
    {
        var f0 = predictor.Forward(workers, _mel.Frames, scratch);
        trace?.Invoke("f0", f0);
        var fresh = f0.Span[(_settled - _mel.First)..];
        var excitation = new float[checked(fresh.Length * config.HopLength)];
        scratch.Noise.Resize(excitation.Length, config.Waves);
        noise((long)_settled * config.HopLength * config.Waves, scratch.Noise.Span);
        scratch.Phases.Follow(fresh, _phases, config);
        source.Forward(workers, scratch.Phases, scratch.Noise, excitation);
        if (trace is not null)
        {
            source.Trace(scratch.Phases, scratch.Noise, trace);
        }

        return excitation;
    }

    private void Settle(int frames, HarmonicPhases phases)
    {
        if (frames > 0)
        {
            _phases = phases.At(frames - 1);
            _settled += frames;
            _mel.DropBefore(_settled - F0Predictor.Reach);
        }
    }
}
