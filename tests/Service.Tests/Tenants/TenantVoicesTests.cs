using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Tests.Ports;
using CosyOrleans.Service.Tests.Voices;
using CosyOrleans.Service.Voices;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Tenants;

/// <summary>A tenant's catalogue is like any other, whoever else has voices of the same ids.</summary>
public sealed class TenantVoicesTests : VoicesPortTests, IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("voices");
    private readonly LocalModel _model = new(
        () => new ToneModel(), new SynthesisOptions(), new SpeechQueue(new SynthesisOptions(), new ManualTime()), new ManualTime(), NullLogger<LocalModel>.Instance);

    private VoiceFolder _folder = null!;

    protected override IVoices Voices => Of("acme");

    public async Task InitializeAsync()
    {
        _folder = VoiceFolder.Open(_data.FullName, TimeProvider.System, NullLogger<VoiceFolder>.Instance);
        await _model.StartAsync(default);
        await Of("bolt").SaveAsync(TestVoices.Plain("eva", 9), default);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        _model.Dispose();
        _data.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("acme")]
    [InlineData(null)]
    public async Task Everything_OfAnother_IsAsIfItWereNot(string? tenant)
    {
        var voices = Of(tenant);
        foreach (var id in new[] { "eva", "bolt~eva" })
        {
            Assert.Null(await voices.FindAsync(id, null, default));
            Assert.Null(await voices.ExportAsync(id, default));
            Assert.Null(await voices.UpdateAsync(id, new VoiceChange { Name = "Mine" }, default));
            Assert.False(await voices.DeleteAsync(id, default));
        }

        Assert.DoesNotContain(await voices.ListAsync(default), voice => !voice.BuiltIn);
        var saved = await voices.SaveAsync(TestVoices.Plain("eva", 1), default);
        Assert.Equal(("eva", 1), (saved.Id, saved.Version));
        TestVoices.AssertSameSpeaker(TestVoices.Plain("eva", 9).Content, (await Of("bolt").FindAsync("eva", null, default))!.Content);
        var e = await Assert.ThrowsAsync<SpeechException>(() => voices.SaveAsync(TestVoices.Plain("bolt~eva"), default).AsTask());
        Assert.Equal(SpeechErrorCodes.VoiceInvalid, e.Code);
    }

    private TenantVoices Of(string? tenant) => new(new LocalVoices(_model, _folder), new TenantScope(tenant));
}
