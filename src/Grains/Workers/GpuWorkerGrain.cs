using CosyOrleans.Grains.Messages;
using CosyOrleans.Grains.Placement;
using CosyOrleans.Grains.Voices;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Placement;

namespace CosyOrleans.Grains.Workers;

/// <summary>Identity and routing of a device; the model behind it belongs to the silo and runs on threads of its own.</summary>
[OwnedBySilo, GrainDirectory(OwnerGrainDirectory.Name), Immovable, KeepAlive, Reentrant]
public sealed class GpuWorkerGrain(Devices devices, TimeProvider time) : Grain, IGpuWorkerGrain
{
    private readonly WrittenTexts _texts = new();

    public IAsyncEnumerable<SpeechPart> Speak(SpeakMessage message, CancellationToken cancellationToken)
    {
        var parts = message.TextId is null
            ? Device.Synthesis.SpeakInPartsAsync(message.ToRequest(), cancellationToken)
            : _texts.SpeakAsync(Device.Synthesis, message, cancellationToken);
        return parts.WithHeartbeats(time, cancellationToken);
    }

    public Task<bool> Write(TextMessage message) => Task.FromResult(_texts.Write(message));

    public async Task<EnrolAnswer> Enrol(EnrolMessage message, CancellationToken cancellationToken)
    {
        try
        {
            var model = Device.Model.Require();
            var described = new VoiceProfile
            {
                Id = message.Id, Name = message.Id, Transcript = message.Transcript, ModelKind = model.Kind, Content = new Speaker { Id = message.Id, Embedding = [] },
            };
            var made = await RecordedVoice.MakeAsync(described, message.Recording, [], model.EnrolAsync, cancellationToken);
            return new EnrolAnswer(VoiceMessage.From(made), null);
        }
        catch (SpeechException e)
        {
            return new EnrolAnswer(null, ErrorMessage.From(e));
        }
    }

    private DeviceHost Device
    {
        get
        {
            var key = this.GetPrimaryKeyString();
            var name = key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..];
            return devices.Find(name)
                ?? throw new InvalidOperationException($"There is no device {name} here; there is {string.Join(", ", devices.All.Select(device => device.Name))}.");
        }
    }
}
