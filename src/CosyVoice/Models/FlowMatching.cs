using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// The solver of the flow (Lipman et al. 2023), after CausalConditionalCFM of the reference
/// (cosyvoice/flow/flow_matching.py): from fixed noise along the estimated direction to the mel, by Euler steps over
/// a cosine schedule that is fine at the start. Classifier-free guidance: the direction is (1 + g) times the one
/// estimated with mu, speaker and condition, less g times the one without.
/// </summary>
internal sealed class FlowMatching : IDisposable
{
    private readonly IEstimator _estimator;
    private readonly FlowNoise _noise;
    private readonly float _guidance;
    private readonly float[] _times;
    private readonly float[] _lengths;

    public FlowMatching(WeightScope w, FlowConfig config, Workers workers, FlowNoise noise)
    {
        (_noise, _guidance) = (noise, config.GuidanceRate);
        (_times, _lengths) = Schedule(config.Steps);
        _estimator = config.Transformer is { } transformer
            ? new DiffusionTransformer(w["estimator"], config.OutputSize, transformer, workers, _times)
            : new ConditionalDecoder(w["estimator"], config.Estimator!, workers, _times);
    }

    /// <summary>
    /// t_k = 1 - cos(k / n * pi / 2) and the steps between. The reference adds up t in single precision, and so does
    /// this, because the estimator sees 1000 t.
    /// </summary>
    public static (float[] Times, float[] Lengths) Schedule(int steps)
    {
        var (times, lengths) = (new float[steps], new float[steps]);
        var t = 0f;
        for (var k = 0; k < steps; k++)
        {
            times[k] = t;
            lengths[k] = 1 - MathF.Cos((k + 1) / (float)steps * 0.5f * MathF.PI) - t;
            t += lengths[k];
        }

        return (times, lengths);
    }

    /// <summary>The mel of all frames behind the given ones, [frames, channels]; the caller owns it.</summary>
    public Tensor Solve(
        Workers workers, FlowConditions conditions, bool streaming, EstimatorScratch s, FlowTrace? trace, CancellationToken cancellationToken)
    {
        var channels = conditions.Mu.Columns;
        var frames = new FramePair(conditions.Mu.Rows, _estimator.Gap);
        Begin(frames, conditions, s.Input);
        for (var step = 0; step < _times.Length; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            trace?.Invoke("t", [_times[step]], 1);
            _estimator.Forward(workers, frames, step, streaming, s, trace);
            trace?.Invoke("est_out", s.Output.Span, s.Output.Columns);
            Advance(frames, _lengths[step], s.Output, s.Input);
            if (trace is not null)
            {
                using var state = State(frames, s.Input, 0, channels);
                trace($"x_after_step{step + 1}", state.Span, channels);
            }
        }

        return State(frames, s.Input, conditions.GivenFrames, channels);
    }

    public void Dispose() => _estimator.Dispose();

    /// <summary>Fills the estimator's input: noise, mu, speaker and condition side by side; the unguided sequence has only the noise.</summary>
    private void Begin(FramePair frames, FlowConditions conditions, Tensor input)
    {
        var channels = conditions.Mu.Columns;
        input.Resize(frames.Rows, 4 * channels);
        input.Clear();
        for (var frame = 0; frame < frames.Frames; frame++)
        {
            var guided = input.Row(frames.Start(0) + frame);
            _noise.CopyFrame(frame, guided[..channels]);
            guided[..channels].CopyTo(input.Row(frames.Start(1) + frame));
            conditions.Mu.Row(frame).CopyTo(guided[channels..]);
            conditions.Speaker.CopyTo(guided[(2 * channels)..]);
            if (frame < conditions.GivenFrames)
            {
                conditions.Given.Slice(frame * channels, channels).CopyTo(guided[(3 * channels)..]);
            }
        }
    }

    /// <summary>x of the frames from <paramref name="first"/> on, [frames, channels].</summary>
    private static Tensor State(FramePair frames, Tensor input, int first, int channels)
    {
        var state = new Tensor();
        state.Resize(frames.Frames - first, channels);
        for (var frame = first; frame < frames.Frames; frame++)
        {
            input.Row(frames.Start(0) + frame)[..channels].CopyTo(state.Row(frame - first));
        }

        return state;
    }

    /// <summary>x += length * direction, in both sequences.</summary>
    private void Advance(FramePair frames, float length, Tensor estimate, Tensor input)
    {
        for (var frame = 0; frame < frames.Frames; frame++)
        {
            var guided = estimate.Row(frames.Start(0) + frame);
            var unguided = estimate.Row(frames.Start(1) + frame);
            var x = input.Row(frames.Start(0) + frame)[..guided.Length];
            for (var c = 0; c < x.Length; c++)
            {
                x[c] += length * (((1 + _guidance) * guided[c]) - (_guidance * unguided[c]));
            }

            x.CopyTo(input.Row(frames.Start(1) + frame));
        }
    }
}

/// <summary>What the mel is to agree with.</summary>
/// <param name="mu">The encoder's guess, [frames, channels].</param>
/// <param name="speaker">[channels].</param>
/// <param name="given">The mel that the first frames continue, [given frames * channels]; may be empty.</param>
internal readonly ref struct FlowConditions(Tensor mu, ReadOnlySpan<float> speaker, ReadOnlySpan<float> given)
{
    public Tensor Mu { get; } = mu;

    public ReadOnlySpan<float> Speaker { get; } = speaker;

    public ReadOnlySpan<float> Given { get; } = given;

    public int GivenFrames => Given.Length / Mu.Columns;
}
