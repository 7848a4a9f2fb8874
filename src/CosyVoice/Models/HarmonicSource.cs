using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// Excitation of the vocoder: f0 [frames] - sines of f0 and its overtones - voiced frames: sines plus little noise,
/// unvoiced ones: noise - linear to one signal - tanh [frames * hop].
/// The phase of a wave at the centre of a frame is hop times the sum of its frequencies so far (in turns per sample),
/// and runs linearly from centre to centre; before the first and behind the last centre it stands still. In CosyVoice 3 it
/// stays what it is at the centre for the whole frame.
/// Source: <c>SineGen2</c> and <c>SourceModuleHnNSF</c> of the CosyVoice reference; after Wang et al.,
/// "Neural source-filter-based waveform model" (2019). Its random initial phase has no effect and is left out.
/// </summary>
internal sealed class HarmonicSource
{
    private const int BlockFrames = 8;

    private readonly float[] _mix; // [waves]
    private readonly float _mixBias;
    private readonly HiftConfig _config;

    public HarmonicSource(WeightScope w, HiftConfig config)
    {
        _config = config;
        _mix = w["l_linear"].Get("weight", 1, config.Waves).ToFloats();
        _mixBias = w["l_linear"].Get("bias", 1).ToFloats()[0];
    }

    /// <param name="phases">Of all frames.</param>
    /// <param name="noise">Standard normal in CosyVoice 2, uniform from 0 to 1 in CosyVoice 3, [frames * hop, waves].</param>
    /// <param name="excitation">[frames * hop].</param>
    public void Forward(Workers workers, HarmonicPhases phases, Tensor noise, float[] excitation)
    {
        var (hop, waves) = (_config.HopLength, _config.Waves);
        workers.ForRows(phases.Frames, BlockFrames, (start, end) =>
        {
            Span<float> sines = stackalloc float[hop];
            for (var frame = start; frame < end; frame++)
            {
                var output = excitation.AsSpan(frame * hop, hop);
                var (sineGain, noiseGain) = Gains(phases.F0(frame));
                MixNoise(noise.RowRange(frame * hop, hop), noiseGain, output);
                for (var wave = 0; wave < waves && sineGain > 0; wave++)
                {
                    phases.Sines(frame, wave, sines);
                    var gain = sineGain * _mix[wave];
                    for (var i = 0; i < hop; i++)
                    {
                        output[i] = MathF.FusedMultiplyAdd(gain, sines[i], output[i]);
                    }
                }

                Activations.Tanh(output);
            }
        });
    }

    /// <summary>Shows the voicing of every frame and what the last call of <see cref="Forward"/> mixed, [samples, waves].</summary>
    public void Trace(HarmonicPhases phases, Tensor noise, HiftTrace trace)
    {
        var (hop, waves) = (_config.HopLength, _config.Waves);
        using var voiced = new Tensor(phases.Frames, 1);
        using var mixed = new Tensor(phases.Frames * hop, waves);
        var sines = new float[hop];
        for (var frame = 0; frame < phases.Frames; frame++)
        {
            voiced.Span[frame] = IsVoiced(phases.F0(frame)) ? 1 : 0;
            var (sineGain, noiseGain) = Gains(phases.F0(frame));
            for (var wave = 0; wave < waves; wave++)
            {
                phases.Sines(frame, wave, sines);
                for (var i = 0; i < hop; i++)
                {
                    var row = (frame * hop) + i;
                    mixed.Row(row)[wave] = (sineGain * sines[i]) + (noiseGain * noise.Row(row)[wave]);
                }
            }
        }

        trace("uv", voiced);
        trace("sine_waves", mixed);
    }

    private (float Sine, float Noise) Gains(float f0) => IsVoiced(f0) ? (_config.NsfAlpha, _config.NsfSigma) : (0, _config.NsfAlpha / 3);

    private bool IsVoiced(float f0) => f0 > _config.NsfVoicedThreshold;

    /// <summary>output[i] = bias + amplitude * (noise[i] . mix).</summary>
    private void MixNoise(ReadOnlySpan<float> noise, float amplitude, Span<float> output)
    {
        for (var i = 0; i < output.Length; i++)
        {
            var sum = 0f;
            for (var wave = 0; wave < _mix.Length; wave++)
            {
                sum = MathF.FusedMultiplyAdd(_mix[wave], noise[(i * _mix.Length) + wave], sum);
            }

            output[i] = MathF.FusedMultiplyAdd(amplitude, sum, _mixBias);
        }
    }
}
