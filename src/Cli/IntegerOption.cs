using System.CommandLine;
using System.Globalization;

namespace CosyOrleans.Cli;

/// <summary>An option that is a whole number within bounds.</summary>
internal static class IntegerOption
{
    public static Option<int> Create(string name, int least, int most, int otherwise, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var given = result.Tokens[0].Value;
            if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            {
                return value;
            }

            result.AddError($"{name} is '{given}'; it can be {least} to {most}.");
            return otherwise;
        },
    };
}
