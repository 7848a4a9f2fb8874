using System.Collections.Concurrent;
using System.Globalization;
using Xunit.Abstractions;

namespace CosyOrleans.Frontend.Tests.Hostile.Fuzz;

/// <summary>
/// Every route with requests that are almost right: each is answered, none is a fault of the server's, and nothing of it stays.
/// COSY_FUZZ_MINUTES lets it run longer, COSY_FUZZ_SEED begins elsewhere.
/// </summary>
[Collection(nameof(AloneCollection))]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Senders = 8;
    private const int Megabyte = 1024 * 1024;

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(8);

    // Pools and caches fill in the first minute; what each request left behind would be far more than this in a long run.
    private const long Tolerance = 24 * Megabyte;

    [Fact]
    public async Task EveryRoute_WithMutatedRequests_AnswersAndForgets()
    {
        var server = new FuzzedServer();
        await server.StartAsync();
        var valid = await ValidAsync(server);
        var (length, seed) = (Number("COSY_FUZZ_MINUTES") is { } minutes ? TimeSpan.FromMinutes(minutes) : Usual, (int)(Number("COSY_FUZZ_SEED") ?? 1));
        var fuzz = new Run(server, valid, seed);

        List<long> memory = [];
        for (var quarter = 0; quarter < 4; quarter++)
        {
            await fuzz.SendForAsync(length / 4);
            memory.Add(await server.TidiedMemoryAsync());
        }

        var (before, after) = (memory[0], memory[^1]);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{fuzz.Sent} requests in {length.TotalMinutes:0.0} min; MiB after each quarter: {string.Join(", ", memory.Select(bytes => ((double)bytes / Megabyte).ToString("0.0", CultureInfo.InvariantCulture)))}; {fuzz.Statuses()}"));
        foreach (var wrong in fuzz.Wrong.Concat(server.Faults))
        {
            output.WriteLine(wrong);
        }

        Assert.Empty(fuzz.Wrong);
        Assert.Empty(server.Faults);
        Assert.True(after < before + Tolerance, $"{before} bytes after a quarter, {after} at the end");
        Assert.Equal(0, server.Connections);
        await ((IAsyncLifetime)server).DisposeAsync();
    }

    /// <summary>Every route has a request, so that none is forgotten, and every request a route.</summary>
    private static async Task<RawRequest[]> ValidAsync(FuzzedServer server)
    {
        var known = ValidRequests.All(await server.NodeAsync());
        var routes = server.Routes();
        var found = routes.Select(route => (Name: $"{route.Method} {route.Route}", Requests: known.GetValueOrDefault($"{route.Method} {route.Route}") ?? ValidRequests.OfPlain(route.Method, route.Route))).ToList();
        Assert.Empty(found.Where(route => route.Requests.Length == 0).Select(route => $"{route.Name} has no request in {nameof(ValidRequests)}"));
        Assert.Empty(known.Keys.Except(found.Select(route => route.Name)));
        return [.. found.SelectMany(route => route.Requests)];
    }

    private static double? Number(string variable) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private sealed class Run(FuzzedServer server, RawRequest[] valid, int seed)
    {
        private readonly ConcurrentDictionary<int, int> _statuses = new();
        private int _sent;

        public int Sent => _sent;

        public ConcurrentQueue<string> Wrong { get; } = new();

        public string Statuses() => string.Join(", ", _statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}"));

        public async Task SendForAsync(TimeSpan time)
        {
            var begin = TimeProvider.System.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
            {
                while (TimeProvider.System.GetElapsedTime(begin) < time && Wrong.Count < 20)
                {
                    await SendAsync(Interlocked.Increment(ref _sent));
                }
            })));
        }

        // Each request follows from its number alone, so that one that goes wrong can be made again.
        private async Task SendAsync(int number)
        {
            var random = new Random(unchecked((seed * 1_000_003) + number));
            var request = MutatedRequest.Of(valid[random.Next(valid.Length)], random);
            var (bytes, messages) = (request.ToBytes(), request.Messages.SelectMany(message => RawExchange.Frame(message, random.Next(20) == 0 ? (byte)random.Next(256) : (byte)0x81)).ToArray());
            if (random.Next(30) == 0)
            {
                bytes = MutatedBytes.Of(bytes, random);
            }

            try
            {
                var status = await RawExchange.SendAsync(server.Port, bytes, random.Next(10) == 0 ? MutatedBytes.Of(messages, random) : messages);
                _statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
                if (status is >= 500 and not (503 or 505 or 507))
                {
                    Wrong.Enqueue($"{status} for request {number}: {ValidRequests.Show(bytes)}");
                }
            }
            catch (TimeoutException)
            {
                Wrong.Enqueue($"no end for request {number}: {ValidRequests.Show(bytes)} {ValidRequests.Show(messages)}");
            }
        }
    }
}
