using CosyVoice.Engine;

namespace CosyVoice.Tests.Engine;

/// <summary>The built-in voice on a device whose KV caches hold so many positions and no more.</summary>
public sealed class CacheRoomTests
{
    private const string Short = "The weather is very nice this morning.";

    private static readonly SpeechModelParts Loaded = ModelLoader.Load(Repository.File("models/default"), new ProcessorBackend(threads: 2));

    [Fact]
    public async Task SpeakAsync_NoRoomForAll_TheLastWhoCameEndsAndTheOthersSoundAsAlone()
    {
        var roomy = new Room();
        var alone = await SpeakTogetherAsync(roomy, [1]);
        var room = new Room { Positions = (roomy.Most * 5) / 2 };

        var together = await SpeakTogetherAsync(room, [1, 1, 1, 1]);

        Assert.Equal(alone[0].Samples, together[0].Samples);
        Assert.Equal(alone[0].Samples, together[1].Samples);
        Assert.Equal([false, false, true, true], together.Select(one => one.Error is OutOfMemoryException));
        Assert.Equal(0, room.Held);
    }

    [Fact]
    public async Task SpeakAsync_SegmentThatIsDecoded_LeavesItsRoomToTheNext()
    {
        var room = new Room();

        var spoken = await SpeakTogetherAsync(room, [1], Short, Short);

        Assert.Null(spoken[0].Error);
        Assert.Equal([0, 0], room.HeldAtBirths); // Though the second begins while the first is still to be heard.
    }

    [Fact]
    public async Task SpeakAsync_MoreThanThereIsInAll_IsSaidAndTheOthersGoOn()
    {
        var roomy = new Room();
        await SpeakTogetherAsync(roomy, [1]);
        var room = new Room { Positions = roomy.Most + 20 };

        var tooLong = await SpeakTogetherAsync(room, [1], string.Join(' ', Enumerable.Repeat("and so we walk on", 8)));
        Assert.IsType<CacheCapacityException>(tooLong[0].Error);
        Assert.Contains($"{room.Positions}", tooLong[0].Error!.Message, StringComparison.Ordinal);

        Assert.Null((await SpeakTogetherAsync(room, [1]))[0].Error);
        Assert.Equal(0, room.Held);
    }

    /// <summary>One request after the other comes, and all are spoken at the same time.</summary>
    private static async Task<(float[] Samples, Exception? Error)[]> SpeakTogetherAsync(Room room, int[] seeds, params string[] segments)
    {
        // Not disposed: its stages are those of all tests.
        var model = new SpeechModel(new SpeechModelParts
        {
            Name = Loaded.Name, Kind = Loaded.Kind, LanguageModel = new CrowdedModel(Loaded.LanguageModel, room), Sampler = Loaded.Sampler,
            Flow = Loaded.Flow, Vocoder = Loaded.Vocoder, Tokenizer = Loaded.Tokenizer, Speakers = Loaded.Speakers,
            MixRatio = Loaded.MixRatio, Timing = Loaded.Timing,
        });
        using var engine = new SpeechEngine(model);
        return await Task.WhenAll(seeds.Select(async seed =>
        {
            var samples = new List<float>();
            var request = new SpeechRequest
            {
                Segments = [.. (segments.Length > 0 ? segments : [Short]).SelectMany(model.Prepare)],
                Speaker = Loaded.Speakers.Values.First(),
                Seed = seed,
                Streaming = true,
            };
            var error = await Record.ExceptionAsync(async () =>
            {
                await foreach (var chunk in engine.SpeakAsync(request))
                {
                    samples.AddRange(chunk.Samples.Span);
                }
            });
            return (Samples: samples.ToArray(), Error: (Exception?)error);
        }));
    }

    private sealed class Room
    {
        public int Positions { get; init; } = 100_000;

        public int Held { get; set; }

        /// <summary>What was held when each sequence began.</summary>
        public List<int> HeldAtBirths { get; } = [];

        /// <summary>Ever held.</summary>
        public int Most { get; set; }
    }

    /// <summary>The processor's language model, with less room.</summary>
    private sealed class CrowdedModel(ILanguageModel model, Room room) : ILanguageModel
    {
        public int TextTokenCount => model.TextTokenCount;

        public int ScoreCount => model.ScoreCount;

        public int SpeechTokenCount => model.SpeechTokenCount;

        public IReadOnlyList<int> StopIds => model.StopIds;

        public int EndId => model.EndId;

        public int FillId => model.FillId;

        public ISequenceCache CreateCache()
        {
            room.HeldAtBirths.Add(room.Held);
            return new CrowdedCache(model.CreateCache(), room);
        }

        public void Forward(IReadOnlyList<LanguageModelStep> steps, Span<float> scores)
        {
            var more = steps.Sum(step => step.Inputs.Length);
            if (room.Held + more > room.Positions)
            {
                throw new OutOfMemoryException();
            }

            model.Forward([.. steps.Select(step => step with { Cache = ((CrowdedCache)step.Cache).Inner })], scores);
            room.Held += more;
            room.Most = Math.Max(room.Most, room.Held);
        }

        public void Dispose()
        {
        }
    }

    private sealed class CrowdedCache(ISequenceCache inner, Room room) : ISequenceCache
    {
        private bool _disposed;

        public ISequenceCache Inner => inner;

        public int Length => inner.Length;

        public int Capacity => room.Positions;

        public void Dispose()
        {
            room.Held -= _disposed ? 0 : inner.Length;
            _disposed = true;
            inner.Dispose();
        }
    }
}
