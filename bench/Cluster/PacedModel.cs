using System.Globalization;
using System.Runtime.CompilerServices;
using CosyOrleans.Service.Nodes;
using CosyVoice.Engine;
using CosyVoice.Enrolment;
using CosyVoice.Text;
using CosyVoice.Weights;

namespace CosyOrleans.Bench;

/// <summary>
/// An engine that only waits: every chunk is <paramref name="samples"/> of sound and takes <paramref name="chunk"/>, however
/// many speak at the same time. What is measured around it is the service. Its sound depends on text, voice and seed, so that a
/// listener who gets somebody else's, or a sample twice, is found out.
/// </summary>
internal sealed class PacedModel(TimeSpan chunk, int samples = PacedModel.Second) : ILoadedModel
{
    /// <summary>Samples of a second.</summary>
    public const int Second = 24000;

    /// <summary>Samples of one frame, to have as little to do with sound as possible.</summary>
    public const int ShortChunk = 480;

    private const string PaceVariable = "COSY_BENCH_CHUNK_MS";
    private const string SamplesVariable = "COSY_BENCH_CHUNK_SAMPLES";

    public string Name => "paced";

    public string Kind => "paced";

    public string? Fingerprint => "paced";

    public int SampleRate => Second;

    public IReadOnlyList<string> VoiceIds => ["amy", "ben", "dan", "eve"];

    /// <summary>Tells the silos that are started from now on how fast to be.</summary>
    public static void SetPace(TimeSpan chunk, int samples = Second)
    {
        Environment.SetEnvironmentVariable(PaceVariable, chunk.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        Environment.SetEnvironmentVariable(SamplesVariable, samples.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>As fast as this process was told to be.</summary>
    public static PacedModel FromEnvironment() => new(
        TimeSpan.FromMilliseconds(double.Parse(Environment.GetEnvironmentVariable(PaceVariable)!, CultureInfo.InvariantCulture)),
        int.Parse(Environment.GetEnvironmentVariable(SamplesVariable)!, CultureInfo.InvariantCulture));

    /// <summary>Only the id of a voice is heard.</summary>
    public string? WhyNot(Speaker speaker) => null;

    public Speaker OwnVoice(string id) => new() { Id = id, Embedding = [] };

    public Task<int[]> ListenAsync(ReadOnlyMemory<byte> recording, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Nothing is measured of it.</summary>
    public Task<EnrolledVoice> EnrolAsync(string id, ReadOnlyMemory<byte> recording, string transcript, CancellationToken cancellationToken) =>
        throw new CheckpointException(Name, ["it only waits"]);

    /// <summary>One segment, one chunk for each word.</summary>
    public IReadOnlyList<TextSegment> Prepare(string text) =>
        [new TextSegment(text, [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Length)])];

    public async IAsyncEnumerable<AudioChunk> SpeakAsync(SpeechInput input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var segment = input.Segments[0];
        var first = (int)((input.Resume?.SampleOffset ?? 0) / samples);
        for (var i = first; i < segment.Tokens.Length; i++)
        {
            await Task.Delay(chunk, cancellationToken);
            var offset = (long)i * samples;
            var checkpoint = new SpeechCheckpoint { Segment = 0, SampleOffset = offset + samples, Tokens = segment.Tokens[..(i + 1)] };
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
        var sound = new float[samples];
        for (var i = 0; i < sound.Length; i++)
        {
            sound[i] = ((((key ^ (uint)i) * 2246822519) >> 16) - 32768f) / 40000;
        }

        return sound;
    }
}
