namespace CosyOrleans.Grains.Tenants;

/// <summary>How much was asked for with a key through all frontends; the key of the grain is the id of that.</summary>
[Alias("cosy.IKeyUsageGrain")]
public interface IKeyUsageGrain : IGrainWithStringKey
{
    /// <summary>As <see cref="Service.Tenants.KeyUsage.TakeRequest"/>; null where it may go on.</summary>
    [Alias("TakeRequest")]
    Task<RefusalMessage?> TakeRequest(int perMinute);

    /// <summary>As <see cref="Service.Tenants.KeyUsage.BeginSpeech"/>, of one frontend; null where it may begin.</summary>
    [Alias("BeginSpeech")]
    Task<RefusalMessage?> BeginSpeech(string frontend, int running, int? minutesPerDay, int? concurrent);

    /// <summary>As <see cref="Service.Tenants.KeyUsage.CheckSound"/>; null where some is left.</summary>
    [Alias("CheckSound")]
    Task<RefusalMessage?> CheckSound(int minutesPerDay);

    /// <summary>As <see cref="Service.Tenants.KeyUsage.Report"/>.</summary>
    [Alias("Report")]
    Task Report(string frontend, int running, int day, double seconds);
}
