using System.Globalization;
using System.Text;

namespace CosyOrleans.Service.Metrics;

/// <summary>Prometheus's text exposition format 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The name by Prometheus's conventions: underscores, the unit spelled out, counters ending in _total.</summary>
    public static string Name(string name, string? unit, bool counter)
    {
        var result = new StringBuilder(Identifier(name));
        var suffix = unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        if (!name.EndsWith(suffix, StringComparison.Ordinal))
        {
            result.Append(suffix);
        }

        return counter ? result.Append("_total").ToString() : result.ToString();
    }

    /// <summary>Labels as they stand between the braces, in order of their names.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var sorted = tags.ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var labels = new StringBuilder();
        foreach ((var name, var value) in sorted)
        {
            if (labels.Length > 0)
            {
                labels.Append(',');
            }

            labels.Append(Identifier(name)).Append("=\"");
            labels.Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").Replace("\"", "\\\"")).Append('"');
        }

        return labels.ToString();
    }

    public static void Write(StringBuilder text, MetricFamily family)
    {
        text.Append("# HELP ").Append(family.Name).Append(' ').Append(Escape(family.Help)).Append('\n');
        text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Type).Append('\n');
        foreach ((var labels, var series) in family.Series)
        {
            var reading = series.Read();
            if (family.Type == "histogram")
            {
                WriteHistogram(text, family, labels, reading);
            }
            else
            {
                WriteSample(text, family.Name, labels, reading.Value);
            }
        }
    }

    private static void WriteHistogram(StringBuilder text, MetricFamily family, string labels, MetricReading reading)
    {
        var separator = labels.Length > 0 ? "," : "";
        long cumulative = 0;
        for (var i = 0; i < reading.Buckets.Length; i++)
        {
            cumulative += reading.Buckets[i];
            var bound = i < family.Bounds.Length ? Number(family.Bounds[i]) : "+Inf";
            WriteSample(text, family.Name + "_bucket", $"{labels}{separator}le=\"{bound}\"", cumulative);
        }

        WriteSample(text, family.Name + "_sum", labels, reading.Value);
        WriteSample(text, family.Name + "_count", labels, reading.Count);
    }

    private static void WriteSample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Identifier(string name)
    {
        var identifier = string.Create(name.Length, name, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '_';
            }
        });
        return char.IsAsciiDigit(identifier[0]) ? "_" + identifier : identifier;
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\").Replace("\n", "\\n");
}
