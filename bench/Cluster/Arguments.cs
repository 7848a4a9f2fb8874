using System.Globalization;

namespace CosyOrleans.Bench;

/// <summary>The command line.</summary>
internal sealed record Arguments(IReadOnlyList<string> Parts, int Runs, int Rounds, string? Json)
{
    public const string Usage = """
        usage: cosy bench cluster [overhead] [scaling] [faults] [jobfaults] [--runs N] [--rounds N] [--json FILE]

        Measures what a cluster adds and how it scales, with silos as processes of this machine, a PostgreSQL of their own
        and an engine that only waits. All parts unless some are named. --runs: speeches of a comparison (400);
        --rounds: silos lost in each way (20).
        """;

    private static readonly string[] Known = ["overhead", "scaling", "faults", "jobfaults"];

    /// <exception cref="FormatException">Names the argument that cannot be used.</exception>
    public static Arguments Parse(string[] args)
    {
        var result = new Arguments([], 400, 20, null);
        for (var i = 0; i < args.Length; i++)
        {
            result = args[i] switch
            {
                "--runs" => result with { Runs = Number(args, ++i) },
                "--rounds" => result with { Rounds = Number(args, ++i) },
                "--json" => result with { Json = Value(args, ++i) },
                var part when Known.Contains(part) => result with { Parts = [.. result.Parts, part] },
                _ => throw new FormatException($"'{args[i]}' is not a part or an option."),
            };
        }

        return result.Parts.Count == 0 ? result with { Parts = Known } : result;
    }

    private static string Value(string[] args, int i) => i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]} needs a value.");

    private static int Number(string[] args, int i) =>
        int.TryParse(Value(args, i), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 100_000
            ? number
            : throw new FormatException($"{args[i - 1]} is '{args[i]}'; it can be 1 to 100,000.");
}
