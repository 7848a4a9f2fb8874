using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CosyOrleans.Service.Jobs.Local;

/// <summary>One line of a job's journal: what happened to an item, or to the job.</summary>
internal sealed record JournalRecord
{
    public DateTimeOffset At { get; init; }

    /// <summary>Number of the item; null for the job.</summary>
    public int? Item { get; init; }

    public string? Name { get; init; }

    public JobItemStatus? Status { get; init; }

    /// <summary>The phase that the job entered.</summary>
    public JobPhase? Job { get; init; }

    /// <summary>All items that failed are pending again.</summary>
    public bool? Retry { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    public double? Seconds { get; init; }

    public long? Bytes { get; init; }

    /// <summary>Where the previous record of the same item is.</summary>
    public long? Previous { get; init; }

    public static JournalRecord Of(JobChange change, long? previous) => new()
    {
        At = change.At,
        Item = change.Number,
        Name = change.Name,
        Status = change.Status,
        Code = change.Failure?.Code,
        Message = change.Failure?.Message,
        Seconds = change.Seconds,
        Bytes = change.Bytes,
        Previous = previous,
    };

    public JobChange? ToChange() => Item is not { } number ? null : new JobChange(number, Name!, Status!.Value, At)
    {
        Failure = Attempt, Seconds = Seconds, Bytes = Bytes,
    };

    [JsonIgnore]
    public JobAttempt? Attempt => Code is null ? null : new JobAttempt(At, Code, Message!);

    /// <summary>The line with its line feed: JSON whose last field is a checksum of what stands before it.</summary>
    public byte[] ToLine()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, JobJson.Options);
        var body = json.AsSpan(0, json.Length - 1);
        return [.. body, .. Checksum(body)];
    }

    /// <summary>Null unless the line is exactly as it was written.</summary>
    public static JournalRecord? Parse(ReadOnlySpan<byte> line)
    {
        var length = line.Length - ChecksumLength;
        return length > 0 && line[length..].SequenceEqual(Checksum(line[..length]))
            ? JsonSerializer.Deserialize<JournalRecord>(line, JobJson.Options)
            : null;
    }

    private const int ChecksumLength = 19;

    private static byte[] Checksum(ReadOnlySpan<byte> body)
    {
        var crc = uint.MaxValue;
        foreach (var value in body)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"crc\":\"{~crc:x8}\"}}\n"));
    }
}
