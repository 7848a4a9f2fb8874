using System.Text.Json;

namespace CosyVoice.Bench;

/// <summary>One figure. Share: of what the machine can do at most, 0 to 1; null where there is no such bound.</summary>
internal sealed record Figure(string Stage, string Setting, double Value, string Unit, double? Share = null, string Bound = "");

/// <summary>The figures of one run, as a table and as JSON.</summary>
internal sealed class BenchReport(TextWriter output)
{
    private readonly List<Figure> _figures = [];

    public void Add(Figure figure)
    {
        _figures.Add(figure);
        var share = figure.Share is { } part ? $"{100 * part,4:0} % of {figure.Bound}" : "";
        output.WriteLine($"{figure.Stage,-16} {figure.Setting,-34} {figure.Value,9:0.000} {figure.Unit,-10} {share}".TrimEnd());
    }

    public void WriteJson(string path, string machine)
    {
        var json = JsonSerializer.Serialize(new { machine, runtime = Environment.Version.ToString(), figures = _figures }, JsonSerializerOptions.Web);
        File.WriteAllText(path, json);
    }
}
