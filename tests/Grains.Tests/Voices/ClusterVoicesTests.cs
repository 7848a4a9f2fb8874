using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Voices;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Tests.Ports;
using CosyOrleans.Service.Tests.Voices;
using CosyOrleans.Service.Voices;
using Orleans.Core.Internal;
using Orleans.Storage;

namespace CosyOrleans.Grains.Tests.Voices;

public sealed class ClusterVoicesTests(ClusterVoicesTests.TwoSilos cluster) : VoicesPortTests, IClassFixture<ClusterVoicesTests.TwoSilos>
{
    protected override IVoices Voices => cluster.Cluster.Frontend.GetRequiredService<IVoices>();

    private IGrainFactory Grains => cluster.Cluster.Frontend.GetRequiredService<ClusterConnection>().Require();

    [Fact]
    public async Task Save_AnotherActivationWroteMeanwhile_MakesTheVersionAfterThat()
    {
        var id = TestVoices.NewId();
        await Voices.SaveAsync(TestVoices.Plain(id, 1), default);
        await WriteBehindItsBackAsync(id, tone: 2);

        var saved = await Voices.SaveAsync(TestVoices.Plain(id, 3), default);

        Assert.Equal(3, saved.Version);
        for (var version = 1; version <= 3; version++)
        {
            TestVoices.AssertSameSpeaker(TestVoices.Plain(id, version).Content, (await Voices.FindAsync(id, version, default))!.Content);
        }
    }

    [Fact]
    public async Task Delete_AnotherActivationWroteMeanwhile_RemovesThatToo()
    {
        var id = TestVoices.NewId();
        await Voices.SaveAsync(TestVoices.Plain(id, 1), default);
        await WriteBehindItsBackAsync(id, tone: 2);

        Assert.True(await Voices.DeleteAsync(id, default));

        Assert.Null(await Voices.FindAsync(id, 2, default));
        Assert.Equal(3, (await Voices.SaveAsync(TestVoices.Plain(id), default)).Version);
    }

    [Fact]
    public async Task Update_AnotherActivationWroteMeanwhile_ChangesWhatThatWrote()
    {
        var id = TestVoices.NewId();
        await Voices.SaveAsync(TestVoices.Plain(id, 1), default);
        await WriteBehindItsBackAsync(id, tone: 2);

        var changed = await Voices.UpdateAsync(id, new VoiceChange { Name = "Eva" }, default);

        Assert.Equal((3, "Eva"), (changed!.Version, changed.Name));
        TestVoices.AssertSameSpeaker(TestVoices.Plain(id, 2).Content, changed.Content);
    }

    [Fact]
    public async Task Rename_AnotherActivationWroteMeanwhile_NothingIsLost()
    {
        var (id, next) = (TestVoices.NewId(), TestVoices.NewId());
        await Voices.SaveAsync(TestVoices.Plain(id, 1), default);
        await WriteBehindItsBackAsync(id, tone: 2);

        var e = await Assert.ThrowsAsync<SpeechException>(() => Voices.UpdateAsync(id, new VoiceChange { Id = next }, default).AsTask());

        Assert.Equal((SpeechErrorKind.NotReady, SpeechErrorCodes.VoiceConflict), (e.Kind, e.Code));
        TestVoices.AssertSameSpeaker(TestVoices.Plain(id, 2).Content, (await Voices.FindAsync(id, null, default))!.Content);
        Assert.Null(await Voices.FindAsync(next, null, default));
        var moved = await Voices.UpdateAsync(id, new VoiceChange { Id = next }, default);
        TestVoices.AssertSameSpeaker(TestVoices.Plain(next, 2).Content, moved!.Content);
    }

    [Fact]
    public async Task Export_VoiceOfTheModel_SaysWhereItsContentIs()
    {
        var e = await Assert.ThrowsAsync<SpeechException>(() => Voices.ExportAsync("amy", default).AsTask());

        Assert.Equal((SpeechErrorKind.Invalid, SpeechErrorCodes.VoiceBuiltIn), (e.Kind, e.Code));
        Assert.Contains("--model", e.Solution);
    }

    [Fact]
    public async Task Reader_WhateverTheGrainsHave_SaysWhatIsStored()
    {
        var id = TestVoices.NewId();
        var saved = await Voices.SaveAsync(TestVoices.Reported(id), default);
        var reader = Grains.GetGrain<IVoiceReaderGrain>("silo-1/cpu");

        TestVoices.AssertSame(saved, (await reader.Get(id, null))!.ToProfile());
        Assert.Contains(await reader.GetAll(), entry => entry.Id == id && entry.Version == 1);
        await WriteBehindItsBackAsync(id, tone: 2);
        Assert.Equal((1, 2), ((await Voices.FindAsync(id, null, default))!.Version, (await reader.Get(id, null))!.Version));
        Assert.Equal(1, (await reader.Get(id, 1))!.Version);
        await Voices.DeleteAsync(id, default);
        Assert.Null(await reader.Get(id, null));
        Assert.Null(await reader.Get("nobody", null));
    }

    [Fact]
    public async Task Activation_IndexMissedAChange_IsToldAgain()
    {
        var id = TestVoices.NewId();
        await Voices.SaveAsync(TestVoices.Plain(id), default);
        await Grains.GetGrain<IVoiceIndexGrain>(0).Remove(id);
        Assert.DoesNotContain(await Voices.ListAsync(default), voice => voice.Id == id);

        await Grains.GetGrain<ISpeakerProfileGrain>(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle();

        await Eventually.Async(
            () => Voices.FindAsync(id, null, default).AsTask().Result is not null && Voices.ListAsync(default).AsTask().Result.Any(voice => voice.Id == id),
            "the voice is listed again");
    }

    [Fact]
    public async Task ChangeAsync_OthersAlwaysFaster_GivesUpWithWhatWasStored()
    {
        var state = new ContestedState();

        await Assert.ThrowsAsync<InconsistentStateException>(() => state.ChangeAsync(present => present with { Last = present.Last + 1 }));

        Assert.Equal(state.Reads, state.State.Last);
    }

    private async Task WriteBehindItsBackAsync(string id, int tone)
    {
        var storage = cluster.Cluster.Silos[0].Services.GetRequiredKeyedService<IGrainStorage>(VoiceStorage.Name);
        var grain = Grains.GetGrain<ISpeakerProfileGrain>(id).GetGrainId();
        var stored = new GrainState<VoiceState>();
        await storage.ReadStateAsync("voice", grain, stored);
        stored.State = stored.State!.With(VoiceMessage.From(TestVoices.Plain(id, tone)), DateTimeOffset.UnixEpoch);
        await storage.WriteStateAsync("voice", grain, stored);
    }

    public sealed class TwoSilos : IAsyncLifetime
    {
        internal TestCluster Cluster { get; private set; } = null!;

        public async Task InitializeAsync() => Cluster = await TestCluster.StartAsync(2);

        public Task DisposeAsync() => Cluster.DisposeAsync().AsTask();
    }

    /// <summary>Somebody else writes before each write.</summary>
    private sealed class ContestedState : IPersistentState<VoiceState>
    {
        public int Reads { get; private set; }

        public VoiceState State { get; set; } = new();

        public string? Etag => null;

        public bool RecordExists => true;

        public Task ClearStateAsync() => throw new NotSupportedException();

        public Task WriteStateAsync() => throw new InconsistentStateException("somebody else wrote");

        public Task ReadStateAsync()
        {
            State = new VoiceState { Last = ++Reads };
            return Task.CompletedTask;
        }
    }
}
