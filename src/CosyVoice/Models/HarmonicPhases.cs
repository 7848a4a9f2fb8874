namespace CosyVoice.Models;

/// <summary>
/// Phases of the excitation's sine waves at the centre of every frame, in units of 2^-64 turns: whole turns wrap
/// around by themselves and nothing is lost however long the utterance.
/// </summary>
internal sealed class HarmonicPhases
{
    private const double Turn = 18446744073709551616.0; // 2^64

    private ulong[] _steps = []; // [frames, waves], turns per sample
    private ulong[] _centres = []; // [frames, waves]
    private int _frames;
    private int _waves;
    private int _hop;

    /// <summary>Adds up the waves' frequencies, those of f0 [frames] in Hz and its multiples.</summary>
    public void Follow(ReadOnlySpan<float> f0, int waves, int hop, int samplingRate)
    {
        (_frames, _waves, _hop) = (f0.Length, waves, hop);
        if (_steps.Length < _frames * waves)
        {
            (_steps, _centres) = (new ulong[_frames * waves], new ulong[_frames * waves]);
        }

        for (var i = 0; i < _frames * waves; i++)
        {
            // In fp32 as the reference: the accumulated phase magnifies the rounding of a frequency.
            var step = (ulong)((f0[i / waves] * ((i % waves) + 1) / samplingRate % 1) * Turn);
            _steps[i] = step;
            _centres[i] = unchecked((step * (ulong)hop) + (i < waves ? 0 : _centres[i - waves]));
        }
    }

    /// <summary>sin of one wave over one frame, [hop].</summary>
    public void Sines(int frame, int wave, Span<float> sines)
    {
        var half = _hop / 2;
        Run(frame - 1, wave, 1 + _hop, sines[..half]);
        Run(frame, wave, 1 + (2 * half) - _hop, sines[half..]);
    }

    /// <summary>Runs on from <paramref name="halfSamples"/> / 2 samples behind the centre of a frame to that of the next.</summary>
    private void Run(int frame, int wave, int halfSamples, Span<float> sines)
    {
        var moves = frame >= 0 && frame + 1 < _frames;
        var step = moves ? _steps[((frame + 1) * _waves) + wave] : 0;
        var phase = unchecked(_centres[(Math.Max(frame, 0) * _waves) + wave] + (step / 2 * (ulong)halfSamples));
        foreach (ref var sine in sines)
        {
            sine = MathF.Sin((long)phase * (float)(2 * Math.PI / Turn));
            phase = unchecked(phase + step);
        }
    }
}
