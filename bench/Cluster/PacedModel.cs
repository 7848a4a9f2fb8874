using System.Globalization;
using System.Runtime.CompilerServices;
using CosyOrleans.Service.Nodes;
using CosyVoice.Engine;
using CosyVoice.Enrolment;
using CosyVoice.Text;
using CosyVoice.Weights;

namespace CosyOrleans.Bench;

/// <summary>
/// An engine that only waits: every chunk is a second of sound and takes <paramref name="chunk"/>, however many speak at
/// the same time. What is measured around it is the service. Its sound depends on text, voice and seed, so that a
/// listener who gets somebody else's, or a sample twice, is found out.
/// </summary>
internal sealed class PacedModel(TimeSpan chunk) : ILoadedModel
{
    private const string PaceVariable = "COSY_BENCH_CHUNK_MS";

    public string Name => "paced";

    public string Kind => "paced";

    public int SampleRate => 24000;

    public IReadOnlyList<string> VoiceIds => ["amy", "ben", "dan", "eve"];

    /// <summary>Tells the silos that are started from now on how fast to be.</summary>
    public static void SetPace(TimeSpan chunk) =>
        Environment.SetEnvironmentVariable(PaceVariable, chunk.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>As fast as this process was told to be.</summary>
    public static PacedModel FromEnvironment() =>
        new(TimeSpan.FromMilliseconds(double.Parse(Environment.GetEnvironmentVariable(PaceVariable)!, CultureInfo.InvariantCulture)));

    /// <summary>Only the id of a voice is heard.</summary>
    public string? WhyNot(Speaker speaker) => null;

    /// <summary>Nothing is measured of it.</summary>
    public Task<EnrolledVoice> EnrolAsync(string id, ReadOnlyMemory<byte> recording, string transcript, CancellationToken cancellationToken) =>
        throw new CheckpointException(Name, ["it only waits"]);

    /// <summary>One segment, one chunk for each word.</summary>
    public IReadOnlyList<TextSegment> Prepare(string text) =>
        [new TextSegment(text, [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Length)])];

    public async IAsyncEnumerable<AudioChunk> SpeakAsync(SpeechInput input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var segment = input.Segments[0];
        var first = (int)((input.Resume?.SampleOffset ?? 0) / SampleRate);
        for (var i = first; i < segment.Tokens.Length; i++)
        {
            await Task.Delay(chunk, cancellationToken);
            var offset = (long)i * SampleRate;
            var checkpoint = new SpeechCheckpoint { Segment = 0, SampleOffset = offset, Tokens = segment.Tokens[..i] };
            yield return new AudioChunk(offset, Samples(input, i), 0, [segment.Tokens[i]], checkpoint);
        }
    }

    public void Dispose()
    {
        // Nothing was loaded.
    }

    private float[] Samples(SpeechInput input, int number)
    {
        var key = (uint)(((input.Seed * 31) + number) * 31) + input.VoiceId[0] + (uint)input.Segments[0].Tokens.Length;
        var samples = new float[SampleRate];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = ((((key ^ (uint)i) * 2246822519) >> 16) - 32768f) / 40000;
        }

        return samples;
    }
}
