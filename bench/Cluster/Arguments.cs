using System.Globalization;

namespace CosyOrleans.Bench;

/// <summary>The command line.</summary>
internal sealed record Arguments(IReadOnlyList<string> Parts, int Runs, int Rounds, IReadOnlyList<int> Items, string? Json)
{
    public const string Usage = """
        usage: cosy bench cluster [overhead] [scaling] [faults] [jobs] [clusterjobs] [jobfaults] [OPTIONS]

        Measures what a cluster adds and how it scales, with silos as processes of this machine, a PostgreSQL of their own
        and an engine that only waits. All parts unless some are named. --runs N: speeches of a comparison (400);
        --rounds N: silos lost in each way (20); --items N,N,…: sizes of jobs (100,10000,1000000); --json FILE: figures as JSON.
        """;

    private static readonly string[] Known = ["overhead", "scaling", "faults", "jobs", "clusterjobs", "jobfaults"];

    /// <exception cref="FormatException">Names the argument that cannot be used.</exception>
    public static Arguments Parse(string[] args)
    {
        var result = new Arguments([], 400, 20, [100, 10_000, 1_000_000], null);
        for (var i = 0; i < args.Length; i++)
        {
            result = args[i] switch
            {
                "--runs" => result with { Runs = Number(args[i], Value(args, ++i)) },
                "--rounds" => result with { Rounds = Number(args[i], Value(args, ++i)) },
                "--items" => result with { Items = [.. Value(args, ++i).Split(',').Select(number => Number("--items", number))] },
                "--json" => result with { Json = Value(args, ++i) },
                var part when Known.Contains(part) => result with { Parts = [.. result.Parts, part] },
                _ => throw new FormatException($"'{args[i]}' is not a part or an option."),
            };
        }

        return result.Parts.Count == 0 ? result with { Parts = Known } : result;
    }

    private static string Value(string[] args, int i) => i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]} needs a value.");

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1_000_000
            ? number
            : throw new FormatException($"{name} is '{value}'; it can be 1 to 1,000,000.");
}
