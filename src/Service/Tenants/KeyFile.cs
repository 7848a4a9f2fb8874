using System.Text.Json;
using System.Text.Json.Serialization;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Files;

namespace CosyOrleans.Service.Tenants;

/// <summary>keys.json in a data folder. It is only ever replaced as a whole, by one process at a time.</summary>
/// <param name="data">The data folder.</param>
public sealed class KeyFile(string data, TimeProvider time)
{
    private const string LockName = "keys.lock";
    private const int MaxNameLength = 128;

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(20);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, // A "revoked" written wrongly must not count as nothing.
        WriteIndented = true,
    };

    public string Path { get; } = System.IO.Path.Combine(data, "keys.json");

    /// <summary>Changes whenever the file does; null where there is none.</summary>
    internal (DateTime Written, long Length)? Stamp => new FileInfo(Path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : null;

    /// <summary>All keys, oldest first, those revoked as well; none where there is no file.</summary>
    /// <exception cref="SpeechException">It is damaged, or cannot be read.</exception>
    public IReadOnlyList<ApiKey> Read()
    {
        try
        {
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(Path), Json) ?? throw new JsonException("it is empty");
            Check(content.Keys);
            return content.Keys;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw KeyErrors.IsDamaged(Path, e.Message, e);
        }
    }

    /// <summary>Makes a key; what is returned is the only place where its secret is.</summary>
    /// <param name="tenant">Null: of whoever runs the server.</param>
    /// <param name="name">Up to 128 characters.</param>
    /// <exception cref="SpeechException">The tenant, the name or a limit cannot be, or the file not be written.</exception>
    public async Task<KeyText> CreateAsync(string? tenant, string? name, KeyLimits limits, CancellationToken cancellationToken)
    {
        var text = KeyText.New();
        var key = new ApiKey
        {
            Id = text.Id, Tenant = tenant, Name = name, Limits = limits, Created = time.GetUtcNow(), SecretSha256 = Convert.ToHexStringLower(ApiKey.Hash(text.Secret)),
        };
        if (WhyNot(key) is { } problem)
        {
            throw SpeechException.Invalid([new Violation(KeyErrors.Invalid, $"The key cannot be made: {problem}.", $"Of a tenant: {TenantScope.Rule} Limits are 1 to {KeyLimits.Most}.")]);
        }

        await ChangeAsync(keys => [.. keys, key], cancellationToken);
        return text;
    }

    /// <summary>Revokes a key for good; one that is revoked already stays as it is.</summary>
    /// <exception cref="SpeechException">There is none, or the file cannot be written.</exception>
    public Task RevokeAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        keys => keys.Any(key => key.Id == id)
            ? [.. keys.Select(key => key.Id == id && key.Revoked is null ? key with { Revoked = time.GetUtcNow() } : key)]
            : throw new SpeechException(SpeechErrorKind.Invalid, KeyErrors.Unknown, $"There is no key {Quoted.Value(id)}.", "cosy keys list shows those there are."),
        cancellationToken);

    private async Task ChangeAsync(Func<IReadOnlyList<ApiKey>, IReadOnlyList<ApiKey>> change, CancellationToken cancellationToken)
    {
        var temporary = $"{Path}.{Guid.NewGuid():N}.new";
        try
        {
            Directory.CreateDirectory(data);
            await using (await LockAsync(cancellationToken))
            {
                var content = JsonSerializer.SerializeToUtf8Bytes(new Content { Keys = change(Read()) }, Json);
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                {
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                }

                await using (var file = new FileStream(temporary, options))
                {
                    file.Write(content);
                    file.Flush(flushToDisk: true);
                }

                File.Move(temporary, Path, overwrite: true);
                DurableFiles.FlushFolder(data);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DurableFiles.TryDelete(temporary);
            throw DurableFiles.NotWritten(KeyErrors.NotStored, "The key", e);
        }
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(System.IO.Path.Combine(data, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(asked) < LockPatience)
            {
                await Task.Delay(BetweenAttempts, time, cancellationToken);
            }
        }
    }

    private static void Check(IReadOnlyList<ApiKey> keys)
    {
        foreach (var key in keys)
        {
            if (WhyNot(key) is { } problem)
            {
                throw new JsonException($"the key {Quoted.Value(key.Id)} is wrong: {problem}");
            }
        }

        if (keys.Select(key => key.Id).Distinct().Count() != keys.Count)
        {
            throw new JsonException("two keys have the same id");
        }
    }

    private static string? WhyNot(ApiKey key)
    {
        int?[] limits = [key.Limits.RequestsPerMinute, key.Limits.AudioMinutesPerDay, key.Limits.Concurrent];
        return !KeyText.IsId(key.Id) ? "its id is not 12 of a-z and 2-7"
            : key.Tenant is { } tenant && !TenantScope.IsTenant(tenant) ? $"{Quoted.Value(tenant)} cannot be the name of a tenant"
            : key.Name is { Length: 0 or > MaxNameLength } ? $"its name does not have 1 to {MaxNameLength} characters"
            : key.SecretSha256.Length != 64 || !key.SecretSha256.All(char.IsAsciiHexDigit) ? "its secret_sha256 is not 64 hexadecimal digits"
            : limits.Any(limit => limit is < 1 or > KeyLimits.Most) ? $"a limit is outside 1 to {KeyLimits.Most}"
            : null;
    }

    private sealed record Content
    {
        public required IReadOnlyList<ApiKey> Keys { get; init; }
    }
}
