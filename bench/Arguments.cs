using System.Globalization;
using CosyOrleans.Service.Nodes;

namespace CosyVoice.Bench;

/// <summary>The command line of the bench.</summary>
internal sealed record Arguments(int Threads, int Runs, string? Json, string? Model, int Generation)
{
    public string Device { get; private init; } = ComputeDevices.Processor;

    public DeviceOptions DeviceOptions { get; } = new();

    /// <summary>Numbers of listeners at the same time.</summary>
    public IReadOnlyList<int> Streams { get; private init; } = [];

    public const string Usage = """
        usage: cosy bench [--threads N] [--runs N] [--json FILE] [--generation 2|3] [--model DIR]
                          [--device NAME] [--precision Float32|BFloat16|Float16] [--streams N,N,...]

        Measures every stage at the sizes of CosyVoice2-0.5B, or with --generation 3 of Fun-CosyVoice3-0.5B, with
        made-up weights (2.6 and 3.5 GB, written once below artifacts/bench), beside what this machine can do at most.
        --model measures a folder of your own; --device computes on cuda:0, cuda:1, … instead of the processor;
        --streams measures so many listeners at the same time, each number by itself.
        """;

    /// <exception cref="FormatException">Names the argument that cannot be used.</exception>
    public static Arguments Parse(string[] args)
    {
        var result = new Arguments(Environment.ProcessorCount, 3, null, null, 2);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} needs a value.");
            result = args[i] switch
            {
                "--threads" => result with { Threads = Number(args[i], value, 1024) },
                "--runs" => result with { Runs = Number(args[i], value, 99) },
                "--json" => result with { Json = value },
                "--generation" => result with { Generation = value is "2" or "3" ? value[0] - '0' : throw new FormatException($"--generation is '{value}'; it can be 2 or 3.") },
                "--device" => result with { Device = ComputeDevices.WhyNot(value) is { } problem ? throw new FormatException($"--device: {problem}") : value },
                "--precision" => result.With(value),
                "--streams" => result with { Streams = [.. value.Split(',').Select(number => Number(args[i], number, 256))] },
                "--model" => result with { Model = value },
                _ => throw new FormatException($"'{args[i]}' is not an option."),
            };
        }

        return result;
    }

    private Arguments With(string precision)
    {
        DeviceOptions.Precision = Enum.TryParse<DevicePrecision>(precision, out var type) && Enum.IsDefined(type)
            ? type
            : throw new FormatException($"--precision is '{precision}'; it can be {string.Join(", ", Enum.GetNames<DevicePrecision>())}.");
        return this;
    }

    private static int Number(string name, string value, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new FormatException($"{name} is '{value}'; it can be 1 to {most}.");
}
