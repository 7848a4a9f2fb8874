using CosyVoice.Models;
using CosyVoice.Tests.Kernels;

namespace CosyVoice.Tests.Models;

public sealed class HarmonicPhasesTests(HiftFixture fixture) : IClassFixture<HiftFixture>
{
    private const double Rate = 24000;

    [Fact]
    public void Sines_LongUtterance_FollowThePhaseInDouble()
    {
        float[] f0 = [.. Enumerable.Range(0, 3000).Select(i => 180 + (60 * MathF.Sin(i * 0.05f)))];
        var phases = new HarmonicPhases();
        phases.Follow(f0, [], fixture.Config);
        var hop = fixture.Config.HopLength;
        var sines = new float[hop];
        foreach (var wave in (int[])[0, 4, 8])
        {
            foreach (var frame in (int[])[0, 1, 1499, 2999])
            {
                phases.Sines(frame, wave, sines);
                double[] expected = [.. Enumerable.Range(0, hop).Select(i => Math.Sin(2 * Math.PI * Turns(f0, wave, (frame * hop) + i, hop)))];

                // A frequency of up to 0.1 turns per sample is rounded to fp32, and every sample so far adds that error.
                Samples.AssertClose(expected, sines, 1e-6 + (2 * Math.PI * 0.1 / (1 << 24) * (frame + 2) * hop), 0);
            }
        }
    }

    [Fact]
    public void Follow_FromWhereAnotherEnded_GivesTheSameBits()
    {
        float[] f0 = [.. Enumerable.Range(0, 20).Select(i => 100 + (7f * i))];
        var (whole, head, rest) = (new HarmonicPhases(), new HarmonicPhases(), new HarmonicPhases());
        whole.Follow(f0, [], fixture.Config);
        head.Follow(f0.AsSpan(0, 8), [], fixture.Config);
        rest.Follow(f0.AsSpan(5), head.At(4), fixture.Config);
        var (expected, got) = (new float[fixture.Config.HopLength], new float[fixture.Config.HopLength]);
        for (var frame = 5; frame < 20; frame++)
        {
            whole.Sines(frame, 8, expected);
            rest.Sines(frame - 5, 8, got);
            Samples.AssertSameBits(expected, got);
        }
    }

    /// <summary>Linear between the centres of frames, where the phase is hop times the sum of the frequencies so far.</summary>
    private static double Turns(float[] f0, int wave, int sample, int hop)
    {
        var position = Math.Clamp(((sample + 0.5) / hop) - 0.5, 0, f0.Length - 1);
        var frame = (int)position;
        var centre = f0.Take(frame + 1).Sum(f => f * (wave + 1) / Rate % 1) * hop;
        return frame + 1 == f0.Length ? centre : centre + ((position - frame) * hop * (f0[frame + 1] * (wave + 1) / Rate % 1));
    }
}
