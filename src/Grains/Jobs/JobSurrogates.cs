using System.Text.Json;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Assembly;
using CosyOrleans.Service.Webhooks;

namespace CosyOrleans.Grains.Jobs;

// The records of the jobs port on their way between processes: each has a surrogate with numbered fields and the
// conversion there and back, and travels as itself.

[GenerateSerializer, Immutable, Alias("cosy.JobItem")]
public record struct JobItemSurrogate(
    [property: Id(0)] int Number,
    [property: Id(1)] string Name,
    [property: Id(2)] string Text,
    [property: Id(3)] string? Voice,
    [property: Id(4)] string? Mode,
    [property: Id(5)] int Format,
    [property: Id(6)] int Seed,
    [property: Id(7)] double Speed,
    [property: Id(8)] string? Instruction,
    [property: Id(9)] string? Emotion,
    [property: Id(10)] string? Dialect,
    [property: Id(11)] int? SampleRate,
    [property: Id(12)] string? Chapter);

[RegisterConverter]
public sealed class JobItemConverter : IConverter<JobItem, JobItemSurrogate>
{
    public JobItem ConvertFromSurrogate(in JobItemSurrogate from) => new()
    {
        Number = from.Number,
        Name = from.Name,
        Text = from.Text,
        Voice = from.Voice,
        Mode = from.Mode,
        Format = (AudioFormat)from.Format,
        Seed = from.Seed,
        Speed = from.Speed,
        Instruction = from.Instruction,
        Emotion = from.Emotion,
        Dialect = from.Dialect,
        SampleRate = from.SampleRate,
        Chapter = from.Chapter,
    };

    public JobItemSurrogate ConvertToSurrogate(in JobItem from) =>
        new(from.Number, from.Name, from.Text, from.Voice, from.Mode, (int)from.Format, from.Seed, from.Speed, from.Instruction, from.Emotion, from.Dialect, from.SampleRate, from.Chapter);
}

[GenerateSerializer, Immutable, Alias("cosy.JobAttempt")]
public record struct JobAttemptSurrogate([property: Id(0)] DateTimeOffset At, [property: Id(1)] string Code, [property: Id(2)] string Message);

[RegisterConverter]
public sealed class JobAttemptConverter : IConverter<JobAttempt, JobAttemptSurrogate>
{
    public JobAttempt ConvertFromSurrogate(in JobAttemptSurrogate from) => new(from.At, from.Code, from.Message);

    public JobAttemptSurrogate ConvertToSurrogate(in JobAttempt from) => new(from.At, from.Code, from.Message);
}

[GenerateSerializer, Immutable, Alias("cosy.JobItemState")]
public record struct JobItemStateSurrogate(
    [property: Id(0)] int Status,
    [property: Id(1)] int Tries,
    [property: Id(2)] JobAttempt[] Attempts,
    [property: Id(3)] double? Seconds,
    [property: Id(4)] long? Bytes);

[RegisterConverter]
public sealed class JobItemStateConverter : IConverter<JobItemState, JobItemStateSurrogate>
{
    public JobItemState ConvertFromSurrogate(in JobItemStateSurrogate from) => new((JobItemStatus)from.Status)
    {
        Tries = from.Tries, Attempts = from.Attempts, Seconds = from.Seconds, Bytes = from.Bytes,
    };

    public JobItemStateSurrogate ConvertToSurrogate(in JobItemState from) =>
        new((int)from.Status, from.Tries, [.. from.Attempts], from.Seconds, from.Bytes);
}

[GenerateSerializer, Immutable, Alias("cosy.JobEntry")]
public record struct JobEntrySurrogate([property: Id(0)] JobItem Item, [property: Id(1)] JobItemState State);

[RegisterConverter]
public sealed class JobEntryConverter : IConverter<JobEntry, JobEntrySurrogate>
{
    public JobEntry ConvertFromSurrogate(in JobEntrySurrogate from) => new(from.Item, from.State);

    public JobEntrySurrogate ConvertToSurrogate(in JobEntry from) => new(from.Item, from.State);
}

[GenerateSerializer, Immutable, Alias("cosy.JobChange")]
public record struct JobChangeSurrogate(
    [property: Id(0)] int Number,
    [property: Id(1)] string Name,
    [property: Id(2)] int Status,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] JobAttempt? Failure,
    [property: Id(5)] double? Seconds,
    [property: Id(6)] long? Bytes);

[RegisterConverter]
public sealed class JobChangeConverter : IConverter<JobChange, JobChangeSurrogate>
{
    public JobChange ConvertFromSurrogate(in JobChangeSurrogate from) => new(from.Number, from.Name, (JobItemStatus)from.Status, from.At)
    {
        Failure = from.Failure, Seconds = from.Seconds, Bytes = from.Bytes,
    };

    public JobChangeSurrogate ConvertToSurrogate(in JobChange from) =>
        new(from.Number, from.Name, (int)from.Status, from.At, from.Failure, from.Seconds, from.Bytes);
}

[GenerateSerializer, Immutable, Alias("cosy.JobHeader")]
public record struct JobHeaderSurrogate(
    [property: Id(0)] string Id,
    [property: Id(1)] DateTimeOffset Created,
    [property: Id(2)] int Items,
    [property: Id(3)] int InFlight,
    [property: Id(4)] string Digest,
    [property: Id(5)] string? Plan,
    [property: Id(6)] string? Key);

[RegisterConverter]
public sealed class JobHeaderConverter : IConverter<JobHeader, JobHeaderSurrogate>
{
    public JobHeader ConvertFromSurrogate(in JobHeaderSurrogate from) => new(from.Id, from.Created, from.Items, from.InFlight, from.Digest)
    {
        Plan = from.Plan is null ? null : JsonSerializer.Deserialize<JobPlan>(from.Plan, JobJson.Options),
        Key = from.Key,
    };

    public JobHeaderSurrogate ConvertToSurrogate(in JobHeader from) => new(
        from.Id, from.Created, from.Items, from.InFlight, from.Digest, from.Plan is null ? null : JsonSerializer.Serialize(from.Plan, JobJson.Options), from.Key);
}

[GenerateSerializer, Immutable, Alias("cosy.JobStatus")]
public record struct JobStatusSurrogate(
    [property: Id(0)] JobHeader Header,
    [property: Id(1)] int Phase,
    [property: Id(2)] int Running,
    [property: Id(3)] int Done,
    [property: Id(4)] int Failed,
    [property: Id(5)] DateTimeOffset? Finished,
    [property: Id(6)] string? Problem,
    [property: Id(7)] string? Assembly,
    [property: Id(8)] string? Webhook,
    [property: Id(9)] string? Waiting);

[RegisterConverter]
public sealed class JobStatusConverter : IConverter<JobStatus, JobStatusSurrogate>
{
    public JobStatus ConvertFromSurrogate(in JobStatusSurrogate from)
    {
        var total = from.Header.Items;
        var counts = new JobCounts(total, total - from.Running - from.Done - from.Failed, from.Running, from.Done, from.Failed);
        return new JobStatus(from.Header, (JobPhase)from.Phase, counts, from.Finished, from.Problem)
        {
            Assembly = from.Assembly is null ? null : JsonSerializer.Deserialize<AssemblyState>(from.Assembly, JobJson.Options),
            Webhook = from.Webhook is null ? null : JsonSerializer.Deserialize<WebhookState>(from.Webhook, JobJson.Options),
            Waiting = from.Waiting,
        };
    }

    public JobStatusSurrogate ConvertToSurrogate(in JobStatus from) => new(
        from.Header, (int)from.Phase, from.Counts.Running, from.Counts.Done, from.Counts.Failed, from.Finished, from.Problem,
        from.Assembly is null ? null : JsonSerializer.Serialize(from.Assembly, JobJson.Options),
        from.Webhook is null ? null : JsonSerializer.Serialize(from.Webhook, JobJson.Options),
        from.Waiting);
}

[GenerateSerializer, Immutable, Alias("cosy.JobReply")]
public record struct JobReplySurrogate([property: Id(0)] bool Accepted, [property: Id(1)] JobStatus Job);

[RegisterConverter]
public sealed class JobReplyConverter : IConverter<JobReply, JobReplySurrogate>
{
    public JobReply ConvertFromSurrogate(in JobReplySurrogate from) => new(from.Accepted, from.Job);

    public JobReplySurrogate ConvertToSurrogate(in JobReply from) => new(from.Accepted, from.Job);
}

[GenerateSerializer, Immutable, Alias("cosy.JobEvent")]
public record struct JobEventSurrogate([property: Id(0)] long Id, [property: Id(1)] JobStatus Job, [property: Id(2)] JobChange? Item);

[RegisterConverter]
public sealed class JobEventConverter : IConverter<JobEvent, JobEventSurrogate>
{
    public JobEvent ConvertFromSurrogate(in JobEventSurrogate from) => new(from.Id, from.Job, from.Item);

    public JobEventSurrogate ConvertToSurrogate(in JobEvent from) => new(from.Id, from.Job, from.Item);
}
