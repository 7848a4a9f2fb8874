using CosyVoice.Audio;
using CosyVoice.Engine;

namespace CosyVoice.Tests.Seams;

/// <summary>A speech of an engine, segment by segment, and what a listener may notice between them.</summary>
internal sealed class SpokenSegments
{
    private readonly List<List<float[]>> _chunks = [];
    private readonly List<List<int>> _tokens = [];
    private readonly int _sampleRate;

    private SpokenSegments(int sampleRate) => _sampleRate = sampleRate;

    public IReadOnlyList<IReadOnlyList<int>> Tokens => _tokens;

    public IReadOnlyList<float[]> Segments => [.. _chunks.Select(chunks => chunks.SelectMany(samples => samples).ToArray())];

    /// <summary>Between segments.</summary>
    public IReadOnlyList<SpeechSeam> Seams => [.. Segments.Zip(Segments.Skip(1), (before, after) => new SpeechSeam(before, after, _sampleRate))];

    /// <summary>Between the end of the speech and the silence that follows.</summary>
    public SpeechSeam End => new(Segments[^1], new float[_sampleRate / 2], _sampleRate);

    /// <summary>Between chunks of one segment, which are one wave.</summary>
    public IReadOnlyList<SpeechSeam> Cuts =>
        [.. _chunks.SelectMany(chunks => chunks.Zip(chunks.Skip(1), (before, after) => new SpeechSeam(before, after, _sampleRate)))];

    public static async Task<SpokenSegments> OfAsync(SpeechEngine engine, SpeechRequest request, int sampleRate = 24_000)
    {
        var spoken = new SpokenSegments(sampleRate);
        await foreach (var chunk in engine.SpeakAsync(request))
        {
            while (spoken._chunks.Count <= chunk.Segment)
            {
                spoken._chunks.Add([]);
                spoken._tokens.Add([]);
            }

            spoken._chunks[chunk.Segment].Add(chunk.Samples.ToArray());
            spoken._tokens[chunk.Segment].AddRange(chunk.SpeechTokens);
        }

        return spoken;
    }

    /// <summary>The voice as if the first segment had been its recording.</summary>
    public Speaker AsVoice(Speaker speaker, int[] text)
    {
        int[] tokens = [.. Tokens[0].Take(75)]; // 3 s
        using var mel = FlowMel.CosyVoice2.Compute(Segments[0]);
        return speaker with
        {
            PromptText = text, PromptSpeechTokens = tokens, FlowPromptTokens = tokens, PromptMel = mel.RowRange(0, 2 * tokens.Length).ToArray(),
        };
    }
}
