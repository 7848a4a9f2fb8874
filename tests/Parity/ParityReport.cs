namespace CosyVoice.Parity;

/// <summary>Compares tensors with what the reference computed, prints one line each, and counts.</summary>
public sealed class ParityReport(TextWriter output)
{
    private readonly List<string> _failures = [];

    public int Passed { get; private set; }

    public int Failed => _failures.Count;

    /// <summary>The line of every comparison that failed.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public string Folder { get; set; } = "";

    /// <summary>|got - expected| &lt;= atol + rtol * |expected| everywhere.</summary>
    public void Compare(string caseName, string tensor, ReadOnlySpan<float> got, ReadOnlySpan<float> expected, double atol, double rtol)
    {
        if (got.Length != expected.Length)
        {
            Record(false, caseName, tensor, $"{got.Length} elements, expected {expected.Length}");
            return;
        }

        var (worst, ok) = (0.0, true);
        for (var i = 0; i < got.Length; i++)
        {
            var error = Math.Abs((double)got[i] - expected[i]);
            worst = double.IsNaN(error) ? double.NaN : Math.Max(worst, error);
            ok &= error <= atol + (rtol * Math.Abs((double)expected[i]));
        }

        Record(ok, caseName, tensor, $"max error {worst:0.00e+00}, tolerance {atol:0.##e+00} + {rtol:0.##e+00} relative");
    }

    public void CompareExact<T>(string caseName, string tensor, ReadOnlySpan<T> got, ReadOnlySpan<T> expected)
        where T : IEquatable<T>
    {
        var same = got.CommonPrefixLength(expected);
        var ok = same == got.Length && same == expected.Length;
        Record(ok, caseName, tensor, ok
            ? $"{got.Length} equal"
            : $"differs at {same}: {At(got, same)}, expected {At(expected, same)} ({got.Length} of {expected.Length})");

        static string At(ReadOnlySpan<T> values, int index) => index < values.Length ? $"{values[index]}" : "end";
    }

    /// <summary>10 log10(sum expected^2 / sum (got - expected)^2) at least <paramref name="minimumDb"/>.</summary>
    public void CompareSnr(string caseName, string tensor, ReadOnlySpan<float> got, ReadOnlySpan<float> expected, double minimumDb)
    {
        if (got.Length != expected.Length)
        {
            Record(false, caseName, tensor, $"{got.Length} samples, expected {expected.Length}");
            return;
        }

        var (signal, noise) = (0.0, 0.0);
        for (var i = 0; i < got.Length; i++)
        {
            signal += (double)expected[i] * expected[i];
            noise += ((double)got[i] - expected[i]) * ((double)got[i] - expected[i]);
        }

        var snr = 10 * Math.Log10(signal / noise);
        Record(snr >= minimumDb, caseName, tensor, $"SNR {snr:0.0} dB, at least {minimumDb:0.0} dB");
    }

    /// <summary>A case that could not be run to its end.</summary>
    public void Error(string caseName, Exception error) => Record(false, caseName, "-", $"{error.GetType().Name}: {error.Message}");

    public void NotYet() => output.WriteLine($"{Folder,-14} not yet");

    private void Record(bool ok, string caseName, string tensor, string detail)
    {
        var line = $"{Folder,-14} {caseName,-28} {tensor,-28} {(ok ? "ok  " : "FAIL")} {detail}";
        output.WriteLine(line);
        if (ok)
        {
            Passed++;
        }
        else
        {
            _failures.Add(line);
        }
    }
}
