using CosyVoice.Kernels;
using CosyVoice.Models;

namespace CosyVoice.Parity;

/// <summary>What the flow showed of one call, compared with the tensors of a case.</summary>
internal sealed class FlowRecording
{
    private readonly OrderedDictionary<string, Stage> _first = []; // the estimator is called many times; the fixtures hold the first
    private readonly List<float> _times = [];

    public void Record(string stage, ReadOnlySpan<float> values, int columns)
    {
        if (stage == "t")
        {
            _times.Add(values[0]);
        }

        _first.TryAdd(stage, new Stage(values.ToArray(), columns));
    }

    public void Compare(FixtureCase one, Tensor mel, ParityReport report)
    {
        foreach (var tensor in one.Names.Where(name => name.StartsWith("out.", StringComparison.Ordinal)))
        {
            var name = tensor["out.".Length..];
            report.Compare(one.Name, name, Find(name, one.Shape(tensor), mel), one.Floats(tensor), one.AbsoluteTolerance, one.RelativeTolerance);
        }
    }

    /// <summary>A tensor of the fixture's name in the fixture's layout.</summary>
    private float[] Find(string name, IReadOnlyList<int> shape, Tensor mel) => name switch
    {
        "feat" => Layout.Transpose(mel.Span, mel.Rows, mel.Columns),
        "t_values" => [.. _times],
        "est0_in_t" => _first["t"].Values,
        "est0_in_spks" => _first["spks"].Values,
        "est0_in_mu" => ChannelsFirst(_first["mu"]),
        "est0_out" => PairChannelsFirst(_first["est_out"], shape[^1]),
        "encoders_last_out" => Last("encoders_", "_out"),
        "est_mid_last_tb" => Last("est_mid", ""),
        "est_block_last" => Last("est_block", ""),
        "up_layer_out" or "est_final_block" => ChannelsFirst(_first[name]),
        _ when name.EndsWith("_resnet", StringComparison.Ordinal) || name.StartsWith("x_after", StringComparison.Ordinal) => ChannelsFirst(_first[name]),
        _ => _first[name].Values,
    };

    /// <summary>The highest-numbered stage of those names, which is the one recorded last.</summary>
    private float[] Last(string prefix, string suffix) => _first.Last(stage =>
        stage.Key.StartsWith(prefix, StringComparison.Ordinal) && stage.Key.EndsWith(suffix, StringComparison.Ordinal)).Value.Values;

    private static float[] ChannelsFirst(Stage stage) => Layout.Transpose(stage.Values, stage.Values.Length / stage.Columns, stage.Columns);

    /// <summary>Both sequences of the estimator, each behind its gap: [2, channels, frames].</summary>
    private static float[] PairChannelsFirst(Stage stage, int frames)
    {
        var pair = new FramePair(frames, (stage.Values.Length / stage.Columns / FramePair.Sequences) - frames);
        return [.. Enumerable.Range(0, FramePair.Sequences).SelectMany(sequence => Layout.Transpose(
            stage.Values.AsSpan(pair.Start(sequence) * stage.Columns, frames * stage.Columns), frames, stage.Columns))];
    }

    /// <param name="Values">[rows, columns].</param>
    private readonly record struct Stage(float[] Values, int Columns);
}
