namespace CosyOrleans.Service.Tenants;

/// <summary>What one server has seen of a key. Whole numbers and no differences: saying it twice changes nothing.</summary>
/// <param name="Running">Speeches under way.</param>
/// <param name="Day">In UTC.</param>
/// <param name="Seconds">Of sound on that day.</param>
public readonly record struct UsageReport(int Running, DateOnly Day, double Seconds)
{
    public static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    /// <summary>The same on a day: yesterday's sound counts no more.</summary>
    public UsageReport On(DateOnly day) => day == Day ? this : new UsageReport(Running, day, 0);
}
