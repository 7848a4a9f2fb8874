using System.Globalization;

namespace CosyVoice.Text;

/// <summary>What Unicode says about canonical decomposition, composition and the order of combining marks.</summary>
internal sealed class CanonicalData
{
    private const int BitsOfCodePoint = 21;

    private readonly Dictionary<int, int[]> _decompositions = [];
    private readonly Dictionary<long, int> _compositions = [];
    private readonly Dictionary<int, byte> _classes = [];
    private readonly HashSet<int> _unstable = [];

    private CanonicalData()
    {
        using var resource = typeof(CanonicalData).Assembly.GetManifestResourceStream("UnicodeComposition.txt")!;
        using var reader = new StreamReader(resource);
        while (reader.ReadLine() is { } line)
        {
            if (line[0] != '#')
            {
                var fields = line[2..].Split(' ');
                Add(line[0], [.. fields.Select(field => int.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture))]);
            }
        }
    }

    public static CanonicalData Instance { get; } = new();

    /// <summary>Whether the code point, wherever it stands, leaves a text in normal form C.</summary>
    public bool IsStable(int codePoint) => !_unstable.Contains(codePoint) && !Hangul.IsVowelOrTail(codePoint);

    public byte CombiningClass(int codePoint) => _classes.GetValueOrDefault(codePoint);

    /// <summary>One step of decomposition; null for a code point that is its own.</summary>
    public int[]? Decompose(int codePoint) => _decompositions.GetValueOrDefault(codePoint);

    /// <summary>The composite of two code points, or null.</summary>
    public int? Compose(int first, int second) =>
        Hangul.Compose(first, second) ?? (_compositions.TryGetValue(Key(first, second), out var composite) ? composite : null);

    private void Add(char kind, int[] fields)
    {
        switch (kind)
        {
            case 'P':
                _decompositions.Add(fields[0], fields[1..]);
                _compositions.Add(Key(fields[1], fields[2]), fields[0]);
                _unstable.Add(fields[2]);
                break;
            case 'D':
                _decompositions.Add(fields[0], fields[1..]);
                _unstable.Add(fields[0]);
                break;
            default:
                for (var codePoint = fields[0]; codePoint <= fields[1]; codePoint++)
                {
                    _classes.Add(codePoint, (byte)fields[2]);
                    _unstable.Add(codePoint);
                }

                break;
        }
    }

    private static long Key(int first, int second) => ((long)first << BitsOfCodePoint) | (uint)second;
}
