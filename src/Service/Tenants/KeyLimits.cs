namespace CosyOrleans.Service.Tenants;

/// <summary>How much may be asked for with a key. Null: as much as the server can.</summary>
/// <param name="RequestsPerMinute">1 to <see cref="Most"/>; as many may come at once after a minute without any.</param>
/// <param name="AudioMinutesPerDay">1 to <see cref="Most"/> minutes of sound in a day, which begins at midnight UTC.</param>
/// <param name="Concurrent">1 to <see cref="Most"/> speeches at the same time, those that wait for a place included.</param>
public sealed record KeyLimits(int? RequestsPerMinute = null, int? AudioMinutesPerDay = null, int? Concurrent = null)
{
    public const int Most = 1_000_000;

    public static KeyLimits None { get; } = new();
}
