using System.Security.Cryptography;
using System.Text;
using CosyOrleans.Service.Nodes;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Voices;

/// <summary>
/// Voices of recordings that came with requests, those used last: listening takes seconds, and people send the same
/// recording again and again. It is listened to once, however many ask at the same time, and given up when none of them
/// waits any longer.
/// </summary>
/// <param name="capacity">Voices, 1 or more, up to about 1 MB each; what is being listened to comes on top.</param>
internal sealed class ReferenceVoices(int capacity = ReferenceVoices.DefaultCapacity)
{
    public const int DefaultCapacity = 32;

    private const int IdDigits = 16;

    private readonly int _capacity = capacity >= 1
        ? capacity
        : throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "There is at least one place.");

    private readonly Lock _gate = new();
    private readonly List<Place> _places = []; // The one used longest ago first.

    /// <summary>What such a voice is called: the same recording and words, the same name.</summary>
    public static string IdOf(byte[] recording, string transcript) => $"reference-{KeyOf(recording, transcript)[..IdDigits]}";

    /// <param name="tenant">Who sent the recording; each tenant's are its own.</param>
    /// <exception cref="Errors.SpeechException">No voice can be made; everything that is wrong is named.</exception>
    public async Task<VoiceProfile> GetAsync(byte[] recording, string transcript, ILoadedModel model, CancellationToken cancellationToken, string? tenant = null)
    {
        var place = Take($"{tenant}~{KeyOf(recording, transcript)}", recording, transcript, model);
        try
        {
            return await place.Making.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(place);
        }
    }

    private Place Take(string key, byte[] recording, string transcript, ILoadedModel model)
    {
        lock (_gate)
        {
            var place = _places.Find(held => held.Key == key);
            if (place is null)
            {
                place = new Place(key);
                place.Making = Task.Run(() => MakeAsync(recording, transcript, model, place.Stop.Token), CancellationToken.None);
            }
            else
            {
                _places.Remove(place);
            }

            _places.Add(place);
            place.Waiting++;
            return place;
        }
    }

    private void Leave(Place place)
    {
        lock (_gate)
        {
            place.Waiting--;
            if (place.Waiting == 0 && !place.Making.IsCompletedSuccessfully)
            {
                _places.Remove(place); // The next who asks tries again.
                place.Stop.Cancel();
            }

            var over = _places.Count(held => held.IsIdle) - _capacity;
            _places.RemoveAll(held => held.IsIdle && over-- > 0);
        }
    }

    private static async Task<VoiceProfile> MakeAsync(byte[] recording, string transcript, ILoadedModel model, CancellationToken cancellationToken)
    {
        var id = IdOf(recording, transcript);
        var described = new VoiceProfile
        {
            Id = id, Name = id, Transcript = transcript, ModelKind = model.Kind, Content = new Speaker { Id = id, Embedding = [] },
        };
        var voice = await RecordedVoice.MakeAsync(described, recording, [], model.EnrolAsync, cancellationToken);
        VoiceRules.Check(voice, []);
        return voice;
    }

    private static string KeyOf(byte[] recording, string transcript) =>
        Convert.ToHexStringLower(SHA256.HashData([.. SHA256.HashData(recording), .. Encoding.UTF8.GetBytes(transcript)]));

    private sealed class Place(string key)
    {
        public string Key { get; } = key;

        public CancellationTokenSource Stop { get; } = new();

        public Task<VoiceProfile> Making { get; set; } = null!;

        public int Waiting { get; set; }

        public bool IsIdle => Waiting == 0 && Making.IsCompletedSuccessfully;
    }
}
