using CosyVoice.Audio;
using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.State;

namespace CosyVoice.Models;

/// <summary>
/// The excitation of one utterance. A frame is settled when its own pitch and that of the next frame, towards which its
/// second half moves in CosyVoice 2, were predicted with all the frames that the predictor looks at.
/// </summary>
internal sealed class HiftExcitation(
    IPitchPredictor predictor, HarmonicSource source, HiftConfig config, Workers workers, HiftScratchPool pool,
    ExcitationNoise noise, HiftTrace? trace) : IExcitation
{
    private readonly FrameQueue _mel = new();
    private readonly List<float> _pitch = []; // Hz of the last settled frames, and of the one after them.
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
            var settled = last ? _mel.End : Math.Max(_settled, _mel.End - predictor.After - 1);
            var piece = new ExcitationPiece(excitation, settled - _settled);
            Settle(piece.SettledFrames, scratch.Phases);
            return piece;
        }
        finally
        {
            pool.Return(scratch);
        }
    }

    public void Save(StateWriter state, int first)
    {
        state.Write(_settled);
        if (_settled == 0)
        {
            return;
        }

        var pitch = _pitch.ToArray().AsSpan(^(_settled - first + 1)..);
        if (first > 0)
        {
            var before = _phases.ToArray();
            HarmonicPhases.Rewind(before, pitch[..^1], config);
            state.Write(before);
        }

        state.Write(pitch);
    }

    public float[] Restore(StateReader state, Tensor mel, int first)
    {
        _settled = state.ReadInt("settled frames", first, first + mel.Rows);
        _mel.Restore(first, mel);
        if (_settled == 0)
        {
            return [];
        }

        var frames = _settled - first;
        _phases = first > 0 ? state.ReadLongs(config.Waves) : [];
        _pitch.AddRange(state.ReadFloats(frames + 1));
        _mel.DropBefore(_settled - predictor.Before);
        var scratch = pool.Rent();
        try
        {
            // The pitch behind the last frame is where its second half moves to.
            var excitation = Excite([.. _pitch], first, scratch);
            _phases = frames > 0 ? scratch.Phases.At(frames - 1) : _phases;
            return excitation[..(frames * config.HopLength)];
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
        var f0 = predictor.Forward(workers, _mel.Frames, _mel.First, scratch);
        trace?.Invoke("f0", f0);
        var excitation = Excite(f0.Span[(_settled - _mel.First)..], _settled, scratch);
        if (trace is not null)
        {
            source.Trace(scratch.Phases, scratch.Noise, trace);
        }

        return excitation;
    }

    /// <param name="f0">Hz, of frame <paramref name="first"/> and the following, [frames].</param>
    private float[] Excite(ReadOnlySpan<float> f0, int first, HiftScratch scratch)
    {
        var excitation = new float[checked(f0.Length * config.HopLength)];
        scratch.Noise.Resize(excitation.Length, config.Waves);
        noise((long)first * config.HopLength * config.Waves, scratch.Noise.Span);
        scratch.Phases.Follow(f0, _phases, config);
        source.Forward(workers, scratch.Phases, scratch.Noise, excitation);
        return excitation;
    }

    private void Settle(int frames, HarmonicPhases phases)
    {
        if (frames > 0)
        {
            Remember(frames, phases);
            _phases = phases.At(frames - 1);
            _settled += frames;
            _mel.DropBefore(_settled - predictor.Before);
        }
    }

    /// <summary>Keeps the pitch of the newly settled frames and of the next, if there is one.</summary>
    private void Remember(int frames, HarmonicPhases phases)
    {
        if (_pitch.Count > 0)
        {
            _pitch.RemoveAt(_pitch.Count - 1); // It comes again, the same.
        }

        for (var frame = 0; frame < Math.Min(frames + 1, phases.Frames); frame++)
        {
            _pitch.Add(phases.F0(frame));
        }
    }
}
