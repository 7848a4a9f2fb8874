using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tests.Ports;
using CosyOrleans.Service.Voices;
using CosyVoice.Weights;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Voices;

public sealed class LocalVoicesTests : VoicesPortTests, IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("voices");
    private readonly LocalModel _model = new(
        () => new ToneModel(), new SynthesisOptions(), new SpeechQueue(new SynthesisOptions(), new ManualTime()), new ManualTime(), NullLogger<LocalModel>.Instance);

    private VoiceFolder _folder = null!;

    protected override IVoices Voices => new LocalVoices(_model, _folder);

    public async Task InitializeAsync()
    {
        _folder = Open();
        await _model.StartAsync(default);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        _model.Dispose();
        _data.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Open_Again_FindsEveryVersion()
    {
        var first = await _folder.SaveAsync(TestVoices.Full("eva"), default);
        var second = await _folder.SaveAsync(TestVoices.Plain("eva"), default);

        Reopen();

        TestVoices.AssertSame(first, (await _folder.FindAsync("eva", 1, default))!);
        TestVoices.AssertSame(second, (await _folder.FindAsync("eva", null, default))!);
        Assert.Contains("\"consent\": \"I agree.\"", await File.ReadAllTextAsync(PathOf("eva/1/voice.json")));
        Assert.False(Directory.Exists(PathOf(".new")) && Directory.EnumerateFileSystemEntries(PathOf(".new")).Any());
    }

    [Fact]
    public async Task Open_AfterDelete_NothingComesBackAndNumbersGoOn()
    {
        await _folder.SaveAsync(TestVoices.Plain("eva"), default);
        await _folder.DeleteAsync("eva", default);
        // As a crash between the two steps of deleting leaves it.
        await _folder.SaveAsync(TestVoices.Plain("max"), default);
        Copy("max/1", "eva/1");

        Reopen();

        Assert.Null(await _folder.FindAsync("eva", null, default));
        Assert.False(Directory.Exists(PathOf("eva/1")));
        Assert.Equal(2, (await _folder.SaveAsync(TestVoices.Plain("eva"), default)).Version);
    }

    [Fact]
    public async Task Open_AfterRenaming_OnlyTheNewIdIsThere()
    {
        var saved = await _folder.SaveAsync(TestVoices.Reported("eva"), default);
        var moved = await _folder.UpdateAsync("eva", new VoiceChange { Id = "max" }, default);

        Reopen();

        TestVoices.AssertSame(moved!, (await _folder.FindAsync("max", null, default))!);
        Assert.Equal("max", Assert.Single(_folder.List()).Id);
        Assert.Equal(
            SpeakerTensors.Write(saved.Content), await File.ReadAllBytesAsync(PathOf("max/1/speaker.safetensors")));
        Assert.Equal(2, (await _folder.SaveAsync(TestVoices.Plain("eva"), default)).Version);
    }

    [Fact]
    public async Task Update_NewIdCannotBeWritten_TheOldOneStays()
    {
        var saved = await _folder.SaveAsync(TestVoices.Full("eva"), default);
        await File.WriteAllTextAsync(PathOf("max"), "in the way");

        var e = await Assert.ThrowsAsync<SpeechException>(() => Voices.UpdateAsync("eva", new VoiceChange { Id = "max" }, default).AsTask());

        Assert.Equal(SpeechErrorCodes.VoiceNotStored, e.Code);
        TestVoices.AssertSame(saved, (await _folder.FindAsync("eva", null, default))!);
    }

    [Fact]
    public async Task Export_VoiceOfTheModel_IsItsContent()
    {
        var own = await Voices.ExportAsync("ben", default);

        Assert.Equal(("ben", "ben", 0, "tone", "ben"), (own!.Id, own.Name, own.Version, own.ModelKind, own.Content.Id));
    }

    [Fact]
    public void Open_UsedByAnother_IsRefused()
    {
        var e = Assert.Throws<SpeechException>(() => { using var second = Open(); });

        Assert.Equal((SpeechErrorKind.Configuration, JobErrorCodes.DataInUse), (e.Kind, e.Code));
    }

    [Theory]
    [InlineData("voice.json", "{")]
    [InlineData("voice.json", "null")]
    [InlineData("voice.json", "{\"id\":\"max\"}")]
    [InlineData("voice.json", null)]
    [InlineData("speaker.safetensors", null)]
    public async Task Open_DamagedVersion_IsLeftAloneAndItsNumberIsTaken(string file, string? content)
    {
        var first = await _folder.SaveAsync(TestVoices.Full("eva"), default);
        await _folder.SaveAsync(TestVoices.Plain("eva"), default);
        Damage($"eva/2/{file}", content);

        Reopen();

        TestVoices.AssertSame(first, (await _folder.FindAsync("eva", null, default))!);
        Assert.Equal(3, (await _folder.SaveAsync(TestVoices.Plain("eva"), default)).Version);
        Assert.True(Directory.Exists(PathOf("eva/2")));
    }

    [Fact]
    public async Task Open_OnlyVersionDamaged_VoiceIsUnknownAndOthersAreThere()
    {
        await _folder.SaveAsync(TestVoices.Plain("eva"), default);
        await _folder.SaveAsync(TestVoices.Plain("max"), default);
        Damage("eva/1/voice.json", "");

        Reopen();

        Assert.Null(await _folder.FindAsync("eva", null, default));
        Assert.Equal("max", Assert.Single(_folder.List()).Id);
    }

    [Fact]
    public async Task Open_DamagedMarkOfDeletion_NothingOfTheVoiceIsUsed()
    {
        await _folder.SaveAsync(TestVoices.Plain("eva"), default);
        Damage("eva/deleted.json", "{");

        Reopen();

        Assert.Null(await _folder.FindAsync("eva", null, default));
        Assert.True(Directory.Exists(PathOf("eva/1")));
    }

    [Fact]
    public async Task Find_OneBitOfTheContentChanged_IsAnErrorThatNamesTheVoice()
    {
        await _folder.SaveAsync(TestVoices.Full("eva"), default);
        var path = PathOf("eva/1/speaker.safetensors");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        var e = await Assert.ThrowsAsync<SpeechException>(() => _folder.FindAsync("eva", null, default).AsTask());

        Assert.Equal(SpeechErrorCodes.VoiceDamaged, e.Code);
        Assert.Contains("'eva'", e.Message);
    }

    [Fact]
    public async Task Save_FolderCannotBeWritten_IsAnErrorAndNothingChanges()
    {
        await _folder.SaveAsync(TestVoices.Full("eva"), default);
        await File.WriteAllTextAsync(PathOf("max"), "in the way");

        var e = await Assert.ThrowsAsync<SpeechException>(() => _folder.SaveAsync(TestVoices.Plain("max"), default).AsTask());

        Assert.Equal(SpeechErrorCodes.VoiceNotStored, e.Code);
        Assert.Null(await _folder.FindAsync("max", null, default));
        Assert.Empty(Directory.EnumerateFileSystemEntries(PathOf(".new")));
    }

    [Fact]
    public async Task List_VoiceWithAnIdOfTheModel_IsTheModelsOwn()
    {
        await _folder.SaveAsync(TestVoices.Plain("amy"), default); // Saved while another model was in use.

        var listed = await Voices.ListAsync(default);

        Assert.True(Assert.Single(listed, voice => voice.Id == "amy").BuiltIn);
        Assert.True(await Voices.DeleteAsync("amy", default));
    }

    private VoiceFolder Open() => VoiceFolder.Open(_data.FullName, new ManualTime(), NullLogger<VoiceFolder>.Instance);

    private void Reopen()
    {
        _folder.Dispose();
        _folder = Open();
    }

    private string PathOf(string name) => Path.Combine(_data.FullName, "voices", name);

    private void Damage(string name, string? content)
    {
        if (content is null)
        {
            File.Delete(PathOf(name));
        }
        else
        {
            File.WriteAllText(PathOf(name), content);
        }
    }

    private void Copy(string from, string to)
    {
        Directory.CreateDirectory(PathOf(to));
        foreach (var file in Directory.EnumerateFiles(PathOf(from)))
        {
            File.Copy(file, Path.Combine(PathOf(to), Path.GetFileName(file)));
        }
    }
}
