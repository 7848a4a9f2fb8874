using CosyVoice.Enrolment.Onnx;
using CosyVoice.Kernels;

namespace CosyVoice.Parity;

/// <summary>campplus: the graph of the speaker network, its result and values within.</summary>
internal static class SpeakerEncoderParity
{
    public static void Run(Fixture fixture, ParityReport report)
    {
        using var workers = new Workers(Environment.ProcessorCount);
        using var file = new OnnxFile(fixture.File("campplus.onnx"));
        var graph = new OnnxGraph(file, workers);
        foreach (var one in fixture.Cases())
        {
            try
            {
                Run(one, graph, report);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                report.Error(one.Name, error);
            }
        }
    }

    private static void Run(FixtureCase one, OnnxGraph graph, ParityReport report)
    {
        var wanted = new List<(string Name, string Value)> { ("embedding", graph.Outputs[0]) };
        foreach (var inner in one.Params.GetProperty("graph_tensors").EnumerateObject().Where(inner => one.Has($"out.{inner.Name}")))
        {
            wanted.Add((inner.Name, inner.Value.GetProperty("tensor").GetString()!));
        }

        var input = new OnnxValue([.. one.Shape("in.feature")], one.Floats("in.feature"));
        var values = graph.Run([input], [.. wanted.Select(entry => entry.Value)]);
        for (var i = 0; i < values.Length; i++)
        {
            report.Compare(one.Name, wanted[i].Name, values[i].Reals, one.Floats($"out.{wanted[i].Name}"), one.AbsoluteTolerance, one.RelativeTolerance);
        }
    }
}
