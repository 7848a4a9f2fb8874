using System.Text.Json;
using CosyVoice.Engine;

namespace CosyVoice.Parity;

/// <summary>PyTorch's CPU generator: normal and uniform numbers, and the noise tables that models define by it.</summary>
internal static class RngParity
{
    public static void Run(Fixture fixture, ParityReport report)
    {
        foreach (var one in fixture.Cases())
        {
            try
            {
                if (one.Has("out.sine_waves_rows"))
                {
                    VocoderNoise(one, report);
                }
                else
                {
                    Draws(one, report);
                }
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                report.Error(one.Name, error);
            }
        }
    }

    /// <summary>One tensor for every entry of <c>params</c>: a seed, and a count or a window of a larger tensor.</summary>
    private static void Draws(FixtureCase one, ParityReport report)
    {
        foreach (var draw in one.Params.EnumerateObject())
        {
            var random = new TorchRandom(draw.Value.GetProperty("seed").GetUInt64());
            float[] got;
            if (draw.Value.TryGetProperty("shape", out var shape))
            {
                int[] sizes = [.. shape.EnumerateArray().Select(size => size.GetInt32())];
                var values = new float[sizes.Aggregate(1, (product, size) => product * size)];
                random.Normal(values);
                var start = (Int(draw.Value, "channel") * sizes[^1]) + Int(draw.Value, "start");
                got = values[start..(start + Int(draw.Value, "count"))];
            }
            else
            {
                got = new float[Int(draw.Value, "count")];
                if (draw.Name.StartsWith("randn", StringComparison.Ordinal))
                {
                    random.Normal(got);
                }
                else
                {
                    random.Uniform(got);
                }
            }

            report.Compare(one.Name, draw.Name, got, one.Floats("out." + draw.Name), one.AbsoluteTolerance, one.RelativeTolerance);
        }
    }

    /// <summary>
    /// What version 3's vocoder draws while it is constructed: nine initial phases, the first set to zero, and then
    /// uniform noise, [samples, harmonics].
    /// </summary>
    private static void VocoderNoise(FixtureCase one, ParityReport report)
    {
        var random = new TorchRandom(one.Params.GetProperty("seed").GetUInt64());
        random.Skip(one.Params.GetProperty("draws_to_skip_after_seed0").GetInt64());
        var phases = new float[one.Shape("out.rand_ini")[^1]];
        random.Uniform(phases);
        phases[0] = 0;
        report.CompareExact<float>(one.Name, "rand_ini", phases, one.Floats("out.rand_ini"));

        var harmonics = phases.Length;
        var (start, last) = (Int(one.Params, "rows_start"), Int(one.Params, "last_rows_start"));
        var rows = new float[one.Shape("out.sine_waves_rows")[0] * harmonics];
        random.Skip((long)start * harmonics);
        random.Uniform(rows);
        report.CompareExact<float>(one.Name, "sine_waves_rows", rows, one.Floats("out.sine_waves_rows"));

        var lastRows = new float[one.Shape("out.sine_waves_last_rows")[0] * harmonics];
        random.Skip(((long)(last - start) * harmonics) - rows.Length);
        random.Uniform(lastRows);
        report.CompareExact<float>(one.Name, "sine_waves_last_rows", lastRows, one.Floats("out.sine_waves_last_rows"));
    }

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
