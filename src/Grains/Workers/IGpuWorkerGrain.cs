using CosyOrleans.Grains.Messages;

namespace CosyOrleans.Grains.Workers;

/// <summary>
/// One device with a loaded model. The key is "silo/device", as in "gpu-3/cuda:0"; the grain is on that silo and never
/// moves.
/// </summary>
[Alias("cosy.IGpuWorkerGrain")]
public interface IGpuWorkerGrain : IGrainWithStringKey
{
    /// <summary>
    /// Speaks. The first part that is not a heartbeat is the details or an error. Something arrives at least every
    /// <see cref="Heartbeats.Interval"/>: whoever hears nothing for several of them may take the worker for lost.
    /// Cancelling stops the work within one step of the model.
    /// </summary>
    [Alias("Speak")]
    IAsyncEnumerable<SpeechPart> Speak(SpeakMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// More of the text of a speech that was asked for with <see cref="SpeakMessage.TextId"/>, of which at least one part was
    /// heard. False: it is not spoken here any more.
    /// </summary>
    [Alias("Write")]
    Task<bool> Write(TextMessage message);

    /// <summary>Makes a voice from a recording; it is not saved.</summary>
    [ResponseTimeout("00:03:00"), Alias("Enrol")]
    Task<EnrolAnswer> Enrol(EnrolMessage message, CancellationToken cancellationToken);
}
