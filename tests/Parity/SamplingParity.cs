using CosyVoice.Engine;

namespace CosyVoice.Parity;

/// <summary>sampling: calls of the sampler alone, with recorded draws.</summary>
internal static class SamplingParity
{
    public static void Run(Fixture fixture, ParityReport report)
    {
        foreach (var one in fixture.Cases())
        {
            foreach (var entry in one.Params.GetProperty("cases").EnumerateArray())
            {
                var index = entry.GetProperty("index").GetInt32();
                var sampler = new RepetitionAwareSampler
                {
                    TopP = entry.GetProperty("top_p").GetDouble(),
                    TopK = entry.GetProperty("top_k").GetInt32(),
                    WindowSize = entry.GetProperty("win_size").GetInt32(),
                    TauR = entry.GetProperty("tau_r").GetDouble(),
                };
                var uniforms = one.Floats($"in.{index:00}.uniforms");
                var draws = 0;
                var id = sampler.Sample(one.Floats($"in.{index:00}.scores"), one.Ints($"in.{index:00}.decoded"), draw => uniforms[draws = draw]);
                report.CompareExact<int>(
                    one.Name, $"{index:00}.token, draws", [id, draws + 1],
                    [.. one.Ints($"out.{index:00}.token"), entry.GetProperty("draws").GetInt32()]);
            }
        }
    }
}
