using System.Security.Cryptography;
using CosyOrleans.Grains.Messages;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Service.Synthesis;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Grains.Synthesis;

/// <summary>Speaks with the workers of the cluster.</summary>
public sealed class ClusterSynthesis(
    WorkerDirectory directory, FailoverOptions options, ClusterInstruments instruments, TimeProvider time, ILogger<ClusterSynthesis> logger)
    : ISynthesis
{
    public async Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken)
    {
        // Decided here, so that every worker that takes part makes the same sound.
        var message = SpeakMessage.From(request) with
        {
            Seed = request.Seed ?? RandomNumberGenerator.GetInt32(SpeakLimits.MinSeed, SpeakLimits.MaxSeed + 1),
            TaskId = request.TaskId ?? Guid.CreateVersion7().ToString("N"),
        };
        var speech = new FollowedSpeech(message, directory, options, instruments, time, logger, cancellationToken, request.TextInput);
        try
        {
            return new Speech(await speech.Details, speech.ReadAllAsync(cancellationToken), speech.DisposeAsync);
        }
        catch
        {
            await speech.DisposeAsync();
            throw;
        }
    }
}
