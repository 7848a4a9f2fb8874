using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>
/// Pitch of successive frames and the phases of the excitation's sine waves at their centres. A phase is counted in
/// units of 2^-64 turns: whole turns wrap around by themselves, and nothing is lost however long the utterance.
/// </summary>
internal sealed class HarmonicPhases
{
    private const double Turn = 18446744073709551616.0; // 2^64

    private float[] _f0 = []; // [frames]
    private ulong[] _steps = []; // [frames, waves], turns per sample
    private ulong[] _centres = []; // [1 + frames, waves], those of the frame before first
    private bool _continues;
    private int _waves;
    private int _hop;
    private bool _still;

    public int Frames { get; private set; }

    /// <summary>Adds up the waves' frequencies, those of f0 and its multiples.</summary>
    /// <param name="f0">Hz, [frames].</param>
    /// <param name="before">At the centre of the frame before, [waves]; empty at the start of an utterance.</param>
    public void Follow(ReadOnlySpan<float> f0, ReadOnlySpan<ulong> before, HiftConfig config)
    {
        (Frames, _waves, _hop, _still, _continues) = (f0.Length, config.Waves, config.HopLength, config.IsCausal, !before.IsEmpty);
        if (_f0.Length < Frames)
        {
            (_f0, _steps, _centres) = (new float[Frames], new ulong[Frames * _waves], new ulong[(Frames + 1) * _waves]);
        }

        f0.CopyTo(_f0);
        _centres.AsSpan(0, _waves).Clear();
        before.CopyTo(_centres);
        for (var i = 0; i < Frames * _waves; i++)
        {
            var step = Step(f0[i / _waves], i % _waves, config);
            _steps[i] = step;
            _centres[i + _waves] = unchecked((step * (ulong)_hop) + _centres[i]);
        }
    }

    /// <summary>Goes back over frames of these pitches, from the phases at the centre of the last to those of the frame before the first.</summary>
    public static void Rewind(Span<ulong> phases, ReadOnlySpan<float> f0, HiftConfig config)
    {
        foreach (var pitch in f0)
        {
            for (var wave = 0; wave < phases.Length; wave++)
            {
                phases[wave] = unchecked(phases[wave] - (Step(pitch, wave, config) * (ulong)config.HopLength));
            }
        }
    }

    public float F0(int frame) => _f0[frame];

    /// <summary>The phases at the centre of a frame, [waves].</summary>
    public ulong[] At(int frame) => _centres.AsSpan((frame + 1) * _waves, _waves).ToArray();

    /// <summary>sin of one wave over one frame, [hop]; the phase stands still within a frame of CosyVoice 3, as in the reference.</summary>
    public void Sines(int frame, int wave, Span<float> sines)
    {
        if (_still)
        {
            Run(frame, wave, 0, moves: false, sines);
            return;
        }

        var half = _hop / 2;
        if (frame == 0 && !_continues)
        {
            Run(frame, wave, 0, moves: false, sines[..half]);
        }
        else
        {
            Run(frame - 1, wave, 1 + _hop, moves: true, sines[..half]);
        }

        Run(frame, wave, 1 + (2 * half) - _hop, frame + 1 < Frames, sines[half..]);
    }

    /// <summary>Turns per sample, in fp32 as the reference: the accumulated phase magnifies the rounding of a frequency.</summary>
    private static ulong Step(float f0, int wave, HiftConfig config) => (ulong)((f0 * (wave + 1) / config.SamplingRate % 1) * Turn);

    /// <summary>Runs on from <paramref name="halfSamples"/> / 2 samples behind the centre of a frame towards that of the next.</summary>
    private void Run(int frame, int wave, int halfSamples, bool moves, Span<float> sines)
    {
        var step = moves ? _steps[((frame + 1) * _waves) + wave] : 0;
        var phase = unchecked(_centres[((frame + 1) * _waves) + wave] + (step / 2 * (ulong)halfSamples));
        foreach (ref var sine in sines)
        {
            sine = (long)phase * (float)(2 * Math.PI / Turn);
            phase = unchecked(phase + step);
        }

        Activations.Sin(sines, sines);
    }
}
