using System.CommandLine;
using System.Globalization;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Tenants;

namespace CosyOrleans.Cli;

/// <summary>cosy keys.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var tenant = new Option<string?>("--tenant")
        {
            Description = $"Whose voices and jobs the key opens: 1 to {TenantScope.MaxLength} of a-z, 0-9 and '-'. Default: the shared ones, of whoever runs the server.",
            HelpName = "TENANT",
        };
        var name = new Option<string?>("--name") { Description = "What people read.", HelpName = "NAME" };
        var requests = Limit("--requests-per-minute", "Requests in a minute");
        var minutes = Limit("--audio-minutes-per-day", "Minutes of sound in a day, which begins at midnight UTC");
        var concurrent = Limit("--concurrent", "Speeches at the same time");
        var id = new Argument<string>("ID") { Description = "Of the key, as list shows it." };

        var create = new Command("create", "Make a key. It is printed once and kept nowhere.") { data, tenant, name, requests, minutes, concurrent };
        create.SetAction((result, cancellation) => RunAsync(async () =>
        {
            var limits = new KeyLimits(Given(result.GetValue(requests)), Given(result.GetValue(minutes)), Given(result.GetValue(concurrent)));
            var key = await File(result.GetValue(data)!).CreateAsync(result.GetValue(tenant), result.GetValue(name), limits, cancellation);
            await Console.Out.WriteLineAsync(key.ToString());
            await Console.Error.WriteLineAsync($"This is the only time that the key is shown. A running server knows it within a second; revoke it with: cosy keys revoke {key.Id}");
        }));

        var list = new Command("list", "The keys, without their secrets.") { data };
        list.SetAction((result, _) => RunAsync(async () =>
        {
            foreach (var key in File(result.GetValue(data)!).Read())
            {
                await Console.Out.WriteLineAsync(Line(key));
            }
        }));

        var revoke = new Command("revoke", "Make a key open nothing any more, for good. A running server knows it within a second.") { id, data };
        revoke.SetAction((result, cancellation) => RunAsync(async () =>
        {
            await File(result.GetValue(data)!).RevokeAsync(result.GetValue(id)!, cancellation);
            await Console.Out.WriteLineAsync($"revoked {result.GetValue(id)}");
        }));
        return new Command("keys", "Keys of a server that asks for them.") { create, list, revoke };
    }

    private static KeyFile File(string data) => new(data, TimeProvider.System);

    private static Option<int> Limit(string name, string what) => IntegerOption.Create(name, 1, KeyLimits.Most, 0, $"{what}, 1 to {KeyLimits.Most}. Default: no limit.");

    private static int? Given(int limit) => limit == 0 ? null : limit;

    private static string Line(ApiKey key)
    {
        string?[] parts =
        [
            key.Id,
            key.Tenant ?? "(shared)",
            key.Revoked is { } revoked ? $"revoked {Day(revoked)}" : $"created {Day(key.Created)}",
            key.Limits.RequestsPerMinute is { } requests ? $"{requests} requests/min" : null,
            key.Limits.AudioMinutesPerDay is { } minutes ? $"{minutes} min/day" : null,
            key.Limits.Concurrent is { } concurrent ? $"{concurrent} at once" : null,
            key.Name,
        ];
        return string.Join('\t', parts.OfType<string>());
    }

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task<int> RunAsync(Func<Task> act)
    {
        try
        {
            await act();
            return 0;
        }
        catch (SpeechException error)
        {
            await Console.Error.WriteLineAsync($"error {error.Code}: {error.Message} {error.Solution}");
            return 1;
        }
    }
}
