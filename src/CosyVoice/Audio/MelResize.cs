using CosyVoice.Kernels;

namespace CosyVoice.Audio;

/// <summary>
/// Changes the speed of speech by resampling its mel along time, linearly between frame centres: frame i of the
/// result lies at scale * (i + 0.5) - 0.5 of the original, as torch's interpolate does.
/// </summary>
internal static class MelResize
{
    /// <summary>Frames that remain of <paramref name="frames"/> at a speed.</summary>
    public static int FrameCount(int frames, double speed) => (int)(frames / speed);

    /// <summary>mel [frames, bins] to [FrameCount(frames, speed), bins], a new tensor.</summary>
    public static Tensor Resize(Tensor mel, double speed)
    {
        var count = FrameCount(mel.Rows, speed);
        if (count < 1)
        {
            throw new ArgumentException($"At speed {speed} nothing is left of {mel.Rows} mel frames; speak slower or more.", nameof(speed));
        }

        var result = new Tensor();
        result.Resize(count, mel.Columns);
        for (var i = 0; i < count; i++)
        {
            var (frame, weight) = Position(i, (double)mel.Rows / count);
            Blend(mel, frame, weight, result.Row(i));
        }

        return result;
    }

    /// <summary>Where frame i of the result lies: between which original frame and the next, and how much of the next.</summary>
    public static (int Frame, float Weight) Position(int i, double scale)
    {
        var position = Math.Max(0, (scale * (i + 0.5)) - 0.5);
        var frame = (int)position;
        return (frame, (float)(position - frame));
    }

    /// <summary>(1 - weight) * frame + weight * next; beyond the last frame the last one stays.</summary>
    public static void Blend(Tensor mel, int frame, float weight, Span<float> result)
    {
        var first = mel.Row(frame);
        var second = mel.Row(Math.Min(frame + 1, mel.Rows - 1));
        for (var bin = 0; bin < result.Length; bin++)
        {
            result[bin] = ((1 - weight) * first[bin]) + (weight * second[bin]);
        }
    }
}
