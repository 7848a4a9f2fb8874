using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Tests.Voices;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Service.Tests.Ports;

/// <summary>What every catalogue of voices does, over models whose own voices are amy and ben.</summary>
public abstract class VoicesPortTests
{
    /// <summary>The port; ids that no other test uses, so that tests may share what is behind it.</summary>
    protected abstract IVoices Voices { get; }

    private readonly string _id = TestVoices.NewId();

    [Fact]
    public async Task Save_NewVoice_IsVersion1AndFoundWhole()
    {
        var saved = await Voices.SaveAsync(TestVoices.Full(_id), default);
        var found = await Voices.FindAsync(_id, null, default);

        Assert.Equal((1, _id), (saved.Version, saved.Id));
        Assert.NotEqual(default, saved.Created);
        TestVoices.AssertSame(saved, found!);
        TestVoices.AssertSame(TestVoices.Full(_id) with { Version = 1, Created = saved.Created }, found!);
    }

    [Fact]
    public async Task Save_Again_MakesTheNextVersionAndKeepsTheLastOnes()
    {
        for (var version = 1; version <= VoiceRules.KeptVersions + 2; version++)
        {
            Assert.Equal(version, (await Voices.SaveAsync(TestVoices.Plain(_id, version), default)).Version);
        }

        var newest = VoiceRules.KeptVersions + 2;
        Assert.Equal(newest, (await Voices.FindAsync(_id, null, default))!.Version);
        for (var version = newest; version > newest - VoiceRules.KeptVersions; version--)
        {
            TestVoices.AssertSameSpeaker(TestVoices.Plain(_id, version).Content, (await Voices.FindAsync(_id, version, default))!.Content);
        }

        Assert.Null(await Voices.FindAsync(_id, newest - VoiceRules.KeptVersions, default));
        Assert.Null(await Voices.FindAsync(_id, newest + 1, default));
    }

    [Fact]
    public async Task Save_ManyAtOnce_EachIsAVersionOfItsOwn()
    {
        var saved = await Task.WhenAll(Enumerable.Range(1, 8).Select(tone => Voices.SaveAsync(TestVoices.Plain(_id, tone), default).AsTask()));

        Assert.Equal(Enumerable.Range(1, 8), saved.Select(voice => voice.Version).Order());
        var newest = saved.Single(voice => voice.Version == 8);
        TestVoices.AssertSame(newest, (await Voices.FindAsync(_id, null, default))!);
    }

    [Fact]
    public async Task Save_ManyThingsWrong_NamesAllAndStoresNothing()
    {
        var wrong = TestVoices.Plain(_id) with { Name = "", Owner = new string('a', 129), Content = TestVoices.Plain(_id).Content with { Embedding = [1] } };

        var e = await Assert.ThrowsAsync<SpeechException>(() => Voices.SaveAsync(wrong, default).AsTask());

        Assert.Equal((SpeechErrorKind.Invalid, SpeechErrorCodes.VoiceInvalid), (e.Kind, e.Code));
        Assert.All(["name", "owner", "embedding"], word => Assert.Contains(word, e.Message));
        Assert.Null(await Voices.FindAsync(_id, null, default));
    }

    [Fact]
    public async Task Enrol_Recording_IsSavedWithItsReport()
    {
        var described = TestVoices.Full(_id) with { Transcript = "ab" };

        var saved = await Voices.EnrolAsync(described, new byte[7], default);
        var found = (await Voices.FindAsync(_id, null, default))!;

        Assert.Equal((1, _id, "tone", "ab", "I agree."), (found.Version, found.Id, found.ModelKind, found.Transcript, found.Consent));
        Assert.Equal(saved.Created, found.Created);
        Assert.Equal([97, 98], found.Content.PromptText);
        Assert.Equal(7 / 64f, found.Content.Embedding[0]);
        Assert.Equal(ToneModel.TestReport with { Warnings = found.Report!.Warnings }, found.Report);
        Assert.Equal(ToneModel.TestReport.Warnings, found.Report.Warnings);
        Assert.Equal(2, (await Voices.SaveAsync(TestVoices.Plain(_id), default)).Version);
        Assert.Null((await Voices.FindAsync(_id, null, default))!.Report);
    }

    [Fact]
    public async Task Enrol_WhatCannotBe_NamesAllAndStoresNothing()
    {
        var unheard = await Assert.ThrowsAsync<SpeechException>(() => Voices.EnrolAsync(TestVoices.Plain(_id), "silence"u8.ToArray(), default).AsTask());
        var nameless = await Assert.ThrowsAsync<SpeechException>(() => Voices.EnrolAsync(TestVoices.Plain(_id) with { Name = "" }, new byte[7], default).AsTask());
        var builtIn = await Assert.ThrowsAsync<SpeechException>(() => Voices.EnrolAsync(TestVoices.Plain("amy"), new byte[7], default).AsTask());

        Assert.Equal((SpeechErrorKind.Invalid, "RECORDING_INVALID", "There is no speech. It is short."), (unheard.Kind, unheard.Code, unheard.Message));
        Assert.Equal(SpeechErrorCodes.VoiceInvalid, nameless.Code);
        Assert.Equal(SpeechErrorCodes.VoiceBuiltIn, builtIn.Code);
        Assert.Null(await Voices.FindAsync(_id, null, default));
    }

    [Theory]
    [InlineData("../up")]
    [InlineData("")]
    [InlineData("con")]
    public async Task Save_IdThatIsNoName_IsRefused(string id)
    {
        var e = await Assert.ThrowsAsync<SpeechException>(() => Voices.SaveAsync(TestVoices.Plain(id), default).AsTask());

        Assert.Equal(SpeechErrorCodes.VoiceInvalid, e.Code);
    }

    [Fact]
    public async Task SaveAndDelete_VoiceOfTheModel_AreRefused()
    {
        var e = await Assert.ThrowsAsync<SpeechException>(() => Voices.SaveAsync(TestVoices.Plain("amy"), default).AsTask());
        Assert.Equal(SpeechErrorCodes.VoiceBuiltIn, e.Code);
        e = await Assert.ThrowsAsync<SpeechException>(() => Voices.DeleteAsync("amy", default).AsTask());
        Assert.Equal(SpeechErrorCodes.VoiceBuiltIn, e.Code);
        Assert.Null(await Voices.FindAsync("amy", null, default));
    }

    [Fact]
    public async Task List_BothKinds_SaysWhichIsWhich()
    {
        var saved = await Voices.SaveAsync(TestVoices.Full(_id), default);

        var listed = await Voices.ListAsync(default);

        Assert.Equal([("amy", true, 0), ("ben", true, 0)], listed.Take(2).Select(voice => (voice.Id, voice.BuiltIn, voice.Version)));
        Assert.Equal(
            new Voice(_id, saved.Name, "tone") { Version = 1, Owner = saved.Owner, Created = saved.Created },
            Assert.Single(listed, voice => voice.Id == _id));
        Assert.Equal(listed.Skip(2).Select(voice => voice.Id).Order(StringComparer.Ordinal), listed.Skip(2).Select(voice => voice.Id));
    }

    [Fact]
    public async Task Update_Words_IsTheNextVersionWithTheSameContent()
    {
        var saved = await Voices.SaveAsync(TestVoices.Reported(_id), default);

        var changed = await Voices.UpdateAsync(_id, new VoiceChange { Name = "Eva", Consent = "" }, default);
        var found = await Voices.FindAsync(_id, null, default);

        TestVoices.AssertSame(saved with { Version = 2, Created = changed!.Created, Name = "Eva", Consent = null }, changed);
        TestVoices.AssertSame(changed, found!);
        TestVoices.AssertSame(saved, (await Voices.FindAsync(_id, 1, default))!);
        Assert.Equal("Eva", Assert.Single(await Voices.ListAsync(default), voice => voice.Id == _id).Name);
    }

    [Fact]
    public async Task Update_Id_MovesTheNewestVersionAndLeavesNothing()
    {
        var next = TestVoices.NewId();
        await Voices.SaveAsync(TestVoices.Plain(_id), default);
        var saved = await Voices.SaveAsync(TestVoices.Reported(_id), default);

        var moved = await Voices.UpdateAsync(_id, new VoiceChange { Id = next, Owner = "" }, default);

        var expected = saved with { Id = next, Version = 1, Created = moved!.Created, Owner = null, Content = saved.Content with { Id = next } };
        TestVoices.AssertSame(expected, moved);
        TestVoices.AssertSame(expected, (await Voices.FindAsync(next, null, default))!);
        Assert.Null(await Voices.FindAsync(_id, null, default));
        Assert.Null(await Voices.FindAsync(_id, 2, default));
        var listed = await Voices.ListAsync(default);
        Assert.Contains(listed, voice => voice.Id == next);
        Assert.DoesNotContain(listed, voice => voice.Id == _id);
        Assert.Equal(3, (await Voices.SaveAsync(TestVoices.Plain(_id), default)).Version);
    }

    [Fact]
    public async Task Update_IdOfAnother_IsRefusedUntilThatIsDeleted()
    {
        var other = TestVoices.NewId();
        await Voices.SaveAsync(TestVoices.Plain(_id, 1), default);
        await Voices.SaveAsync(TestVoices.Plain(other, 2), default);

        var e = await Assert.ThrowsAsync<SpeechException>(() => Voices.UpdateAsync(_id, new VoiceChange { Id = other }, default).AsTask());

        Assert.Equal((SpeechErrorKind.Invalid, SpeechErrorCodes.VoiceExists), (e.Kind, e.Code));
        TestVoices.AssertSameSpeaker(TestVoices.Plain(_id, 1).Content, (await Voices.FindAsync(_id, 1, default))!.Content);
        TestVoices.AssertSameSpeaker(TestVoices.Plain(other, 2).Content, (await Voices.FindAsync(other, null, default))!.Content);
        await Voices.DeleteAsync(other, default);
        Assert.Equal(2, (await Voices.UpdateAsync(_id, new VoiceChange { Id = other }, default))!.Version);
    }

    [Fact]
    public async Task Update_ManyAtOnce_NoneIsLost()
    {
        await Voices.SaveAsync(TestVoices.Full(_id), default);

        var changed = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Voices.UpdateAsync(
            _id, i % 2 == 0 ? new VoiceChange { Name = "Eva" } : new VoiceChange { Owner = "me" }, default).AsTask()));

        Assert.Equal(Enumerable.Range(2, 8), changed.Select(voice => voice!.Version).Order());
        var found = await Voices.FindAsync(_id, null, default);
        Assert.Equal(("Eva", "me", "I agree."), (found!.Name, found.Owner, found.Consent));
    }

    [Fact]
    public async Task Update_WhatCannotBe_NamesAllAndChangesNothing()
    {
        var saved = await Voices.SaveAsync(TestVoices.Full(_id), default);

        var wrong = await Assert.ThrowsAsync<SpeechException>(() => Voices.UpdateAsync(_id, new VoiceChange { Id = "../up", Name = "", Consent = "\0" }, default).AsTask());
        var nothing = await Assert.ThrowsAsync<SpeechException>(() => Voices.UpdateAsync(_id, new VoiceChange(), default).AsTask());
        var builtIn = await Assert.ThrowsAsync<SpeechException>(() => Voices.UpdateAsync("amy", new VoiceChange { Name = "A" }, default).AsTask());
        var taken = await Assert.ThrowsAsync<SpeechException>(() => Voices.UpdateAsync(_id, new VoiceChange { Id = "amy" }, default).AsTask());

        Assert.All(["'../up' cannot be the id", "The name has 0 characters", "The consent holds"], part => Assert.Contains(part, wrong.Message));
        Assert.Contains("Nothing is to be changed", nothing.Message);
        Assert.Equal(SpeechErrorCodes.VoiceBuiltIn, builtIn.Code);
        Assert.Equal(SpeechErrorCodes.VoiceBuiltIn, taken.Code);
        TestVoices.AssertSame(saved, (await Voices.FindAsync(_id, null, default))!);
    }

    [Fact]
    public async Task Export_Voice_IsAFileFromWhichItComesBackWhole()
    {
        var id = TestVoices.NewId();
        var saved = await Voices.SaveAsync(TestVoices.Reported(_id), default);

        var file = ExportedVoice.Write((await Voices.ExportAsync(_id, default))!);
        var read = Assert.Single(VoiceFile.Read("any.safetensors", file, new VoiceChoice(Id: id), TestVoices.Undescribed));
        var copied = await Voices.SaveAsync(read, default);

        TestVoices.AssertSame(saved with { Id = id, Created = copied.Created, Content = saved.Content with { Id = id } }, (await Voices.FindAsync(id, null, default))!);
    }

    [Fact]
    public async Task CheckEnrolment_ModelThatCan_Completes() => await Voices.CheckEnrolmentAsync(default);

    [Fact]
    public async Task Delete_Voice_RemovesEveryVersionAndItsNumbersAreNotGivenAgain()
    {
        await Voices.SaveAsync(TestVoices.Plain(_id), default);
        await Voices.SaveAsync(TestVoices.Plain(_id), default);

        Assert.True(await Voices.DeleteAsync(_id, default));

        Assert.False(await Voices.DeleteAsync(_id, default));
        Assert.Null(await Voices.FindAsync(_id, null, default));
        Assert.Null(await Voices.FindAsync(_id, 1, default));
        Assert.DoesNotContain(await Voices.ListAsync(default), voice => voice.Id == _id);
        Assert.Equal(3, (await Voices.SaveAsync(TestVoices.Plain(_id), default)).Version);
        Assert.Contains(await Voices.ListAsync(default), voice => voice.Id == _id);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    public async Task FindAndDelete_Unknown_SaySo(string id)
    {
        Assert.Null(await Voices.UpdateAsync(id, new VoiceChange { Name = "A" }, default));
        Assert.Null(await Voices.UpdateAsync(id, new VoiceChange { Id = _id }, default));
        Assert.Null(await Voices.ExportAsync(id, default));
        Assert.Null(await Voices.FindAsync(id, null, default));
        Assert.Null(await Voices.FindAsync(id, 1, default));
        Assert.False(await Voices.DeleteAsync(id, default));
    }
}
