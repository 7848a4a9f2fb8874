using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace CosyVoice.Weights;

/// <summary>
/// A mapping of the file and the path that leads to it. One that is missing says so once; what is asked of it is then the
/// least allowed value.
/// </summary>
internal sealed class YamlSection(YamlConfig config, string path, YamlMappingNode? node)
{
    public YamlSection this[string name] => Find(name) switch
    {
        YamlMappingNode section => new(config, PathTo(name), section),
        null => new(config, PathTo(name), null),
        _ => Wrong(name, "a section is expected", new YamlSection(config, PathTo(name), null)),
    };

    public bool Has(string name) => node != null && node.Children.ContainsKey(new YamlScalarNode(name));

    /// <summary>An integer of at least 1.</summary>
    public int Positive(string name) => Integer(name, 1);

    public int Integer(string name, int minimum) => ParseInteger(name, Find(name), minimum);

    /// <summary>As <see cref="Integer"/>, for a key that may be missing.</summary>
    public int IntegerOr(string name, int minimum, int otherwise) => Has(name) ? Integer(name, minimum) : otherwise;

    public double Number(string name, double minimum, double maximum = double.MaxValue)
    {
        if (Find(name) is not { } value)
        {
            return minimum;
        }

        var number = AsNumber(value);
        var range = maximum < double.MaxValue ? $"from {minimum} to {maximum}" : $"of at least {minimum}";
        return number >= minimum && number <= maximum ? number : Wrong(name, $"a number {range} is expected, not {Show(value)}", minimum);
    }

    /// <summary>A list of integers of at least 1.</summary>
    public IReadOnlyList<int> PositiveList(string name) => ParseList(name, Find(name));

    /// <summary>A list of lists of integers of at least 1.</summary>
    public IReadOnlyList<IReadOnlyList<int>> PositiveLists(string name) => Find(name) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select((item, i) => ParseList($"{name}[{i}]", Resolve($"{name}[{i}]", item)))],
        var other => Wrong<IReadOnlyList<IReadOnlyList<int>>>(name, $"a list of lists is expected, not {Show(other)}", []),
    };

    private IReadOnlyList<int> ParseList(string name, YamlNode? value) => value switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select((item, i) => ParseInteger($"{name}[{i}]", Resolve($"{name}[{i}]", item), 1))],
        _ => Wrong<IReadOnlyList<int>>(name, $"a list of integers is expected, not {Show(value)}", []),
    };

    private int ParseInteger(string name, YamlNode? value, int minimum)
    {
        if (value == null)
        {
            return minimum;
        }

        var number = AsNumber(value);
        return number >= minimum && number <= int.MaxValue && Math.Floor(number) == number
            ? (int)number
            : Wrong(name, $"an integer of at least {minimum} is expected, not {Show(value)}", minimum);
    }

    private YamlNode? Find(string name)
    {
        if (node == null)
        {
            return null;
        }

        return node.Children.TryGetValue(new YamlScalarNode(name), out var value)
            ? Resolve(name, value)
            : Wrong<YamlNode?>(name, "missing", null);
    }

    private YamlNode? Resolve(string name, YamlNode value)
    {
        try
        {
            return config.Resolve(value);
        }
        catch (FormatException error)
        {
            return Wrong<YamlNode?>(name, error.Message, null);
        }
    }

    private T Wrong<T>(string name, string problem, T otherwise)
    {
        config.Report(PathTo(name), problem);
        return otherwise;
    }

    private string PathTo(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>NaN, which fits no range, for anything but a number.</summary>
    private static double AsNumber(YamlNode value) =>
        value is YamlScalarNode scalar && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : double.NaN;

    private static string Show(YamlNode value) => value switch
    {
        YamlScalarNode scalar => $"'{scalar.Value}'",
        YamlSequenceNode => "a list",
        _ => "a section",
    };
}
