using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Tests.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Tenants;

public sealed class LocalUsageTests : UsagePortTests, IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cosy-");

    public LocalUsageTests() => Usage = Open();

    protected override LocalUsage Usage { get; }

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Read_AfterARestart_SoundOfTheDayIsKnown()
    {
        var key = Key(new KeyLimits(AudioMinutesPerDay: 1));
        Usage.Produced(key, 40);
        Usage.Write();
        Usage.Produced(key, 25);
        Usage.Write();

        var restarted = Open();
        Assert.Null(await restarted.BeginSpeechAsync(key, default));
        restarted.Read();

        Assert.Equal(UsageLimit.AudioMinutesPerDay, (await restarted.BeginSpeechAsync(key, default))?.Limit);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"day\": 3}")]
    [InlineData("{\"day\": \"2020-01-01\", \"seconds\": {\"x\": 100}}")]
    public async Task Read_FileOfAnotherDayOrDamaged_CountsAsNone(string content)
    {
        await File.WriteAllTextAsync(Path.Combine(_data.FullName, "usage.json"), content);

        Usage.Read();

        Assert.Null(await Usage.BeginSpeechAsync(Key(new KeyLimits(AudioMinutesPerDay: 1)) with { Id = "x" }, default));
    }

    [Fact]
    public void Write_NothingUsed_LeavesNoFile()
    {
        Usage.Write();

        Assert.Empty(_data.EnumerateFiles());
    }

    private LocalUsage Open() => new(_data.FullName, TimeProvider.System, NullLogger<LocalUsage>.Instance);
}
