using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Tenants;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Tenants;

public sealed class KeyFileTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cosy-");
    private readonly ManualTime _time = new();
    private readonly KeyFile _file;

    public KeyFileTests() => _file = new KeyFile(_data.FullName, TimeProvider.System);

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Create_Key_IsKeptWithoutItsSecret()
    {
        var text = await _file.CreateAsync("acme", "Ana's", new KeyLimits(60, 10, 2), default);

        var key = Assert.Single(_file.Read());
        Assert.Equal((text.Id, "acme", "Ana's", new KeyLimits(60, 10, 2)), (key.Id, key.Tenant, key.Name, key.Limits));
        Assert.DoesNotContain(text.Secret, await File.ReadAllTextAsync(_file.Path));
        Assert.Matches("^cosy_[a-z2-7]{12}_[A-Za-z0-9_-]{43}$", text.ToString());
        Assert.Equal(text, KeyText.Read(text.ToString()));
        Assert.Equal(key, Ring().Find(text.ToString()));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file.Path));
        }
    }

    [Fact]
    public async Task Create_ManyAtOnce_NoneIsLost()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => new KeyFile(_data.FullName, TimeProvider.System).CreateAsync("acme", null, KeyLimits.None, default))));

        Assert.Equal(made.Select(key => key.Id).Order(), _file.Read().Select(key => key.Id).Order());
        Assert.Equal(["keys.json", "keys.lock"], _data.EnumerateFiles().Select(file => file.Name).Order());
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("Acme", 1)]
    [InlineData("a~b", 1)]
    [InlineData("../up", 1)]
    [InlineData("-a", 1)]
    [InlineData("acme", 0)]
    [InlineData("acme", KeyLimits.Most + 1)]
    public async Task Create_WhatCannotBe_IsRefusedAndNothingIsStored(string tenant, int limit)
    {
        var e = await Assert.ThrowsAsync<SpeechException>(() => _file.CreateAsync(tenant, null, new KeyLimits(limit), default));

        Assert.Equal(KeyErrors.Invalid, e.Code);
        Assert.Empty(_file.Read());
    }

    [Fact]
    public async Task Revoke_Key_OpensNothingAnyMore()
    {
        var text = await _file.CreateAsync(null, null, KeyLimits.None, default);
        var ring = Ring();
        var key = ring.Find(text.ToString())!;

        await _file.RevokeAsync(text.Id, default);

        Assert.True(ring.IsValid(key));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(ring.IsValid(key));
        Assert.Null(ring.Find(text.ToString()));
        Assert.False(ring.Any);
        Assert.Equal(KeyErrors.Unknown, (await Assert.ThrowsAsync<SpeechException>(() => _file.RevokeAsync("nobody", default))).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"keys\": null}")]
    [InlineData("{\"keys\": [{\"id\": \"abcdefghijkl\"}]}")]
    [InlineData("{\"keys\": [{\"id\": \"abcdefghijkl\", \"created\": \"2026-01-01T00:00:00Z\", \"secret_sha256\": \"00\"}]}")]
    [InlineData("{\"keys\": [], \"revokd\": 1}")]
    public async Task Read_DamagedFile_IsRefusedAndNotReplaced(string content)
    {
        await File.WriteAllTextAsync(_file.Path, content);

        Assert.Equal(KeyErrors.Damaged, Assert.Throws<SpeechException>(() => Ring().Any).Code);
        Assert.Equal(KeyErrors.Damaged, (await Assert.ThrowsAsync<SpeechException>(() => _file.CreateAsync("a", null, KeyLimits.None, default))).Code);
        Assert.Equal(content, await File.ReadAllTextAsync(_file.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("cosy_")]
    [InlineData("cosy_abcdefghijkl_short")]
    [InlineData("sk-something")]
    public async Task Find_WhatIsNoKey_IsNull(string presented)
    {
        await _file.CreateAsync("acme", null, KeyLimits.None, default);

        Assert.Null(Ring().Find(presented));
    }

    private KeyRing Ring() => new(_file, _time, NullLogger<KeyRing>.Instance);
}
