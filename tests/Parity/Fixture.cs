using System.Text.Json;
using CosyVoice.Weights;

namespace CosyVoice.Parity;

/// <summary>A folder of a fixture set: its manifest, its configuration, its cases.</summary>
public sealed class Fixture
{
    public Fixture(string path)
    {
        Path = path;
        Name = System.IO.Path.GetFileName(path.TrimEnd('/'));
        Manifest = ReadJson("manifest.json");
        Config = System.IO.File.Exists(File("config.json")) ? ReadJson("config.json") : default;
    }

    public string Path { get; }

    public string Name { get; }

    public JsonElement Manifest { get; }

    /// <summary>config.json; undefined where the folder has none.</summary>
    public JsonElement Config { get; }

    public string File(string relative) => System.IO.Path.Combine(Path, relative);

    public JsonElement ReadJson(string relative)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(File(relative)));
        return document.RootElement.Clone();
    }

    public Checkpoint Open(string relative) => Checkpoint.Open(File(relative));

    /// <summary>The cases of the manifest, in its order; each is to be disposed.</summary>
    public IEnumerable<FixtureCase> Cases()
    {
        foreach (var entry in Manifest.GetProperty("cases").EnumerateArray())
        {
            using var one = new FixtureCase(this, entry);
            yield return one;
        }
    }
}

/// <summary>One case: parameters, tolerance, input and expected tensors.</summary>
public sealed class FixtureCase : IDisposable
{
    private readonly Checkpoint _tensors;

    internal FixtureCase(Fixture fixture, JsonElement entry)
    {
        Name = entry.GetProperty("name").GetString()!;
        Note = entry.TryGetProperty("note", out var note) ? note.GetString() ?? "" : "";
        Params = entry.TryGetProperty("params", out var parameters) ? parameters : default;
        var tolerance = entry.TryGetProperty("tolerance", out var given) ? given : default;
        AbsoluteTolerance = Number(tolerance, "atol");
        RelativeTolerance = Number(tolerance, "rtol");
        WavMinSnrDb = Number(tolerance, "wav_min_snr_db");
        MelTolerance = Number(tolerance, "mel_atol");
        _tensors = fixture.Open(entry.GetProperty("file").GetString()!);
    }

    public string Name { get; }

    /// <summary>The manifest's remark; some cases are defined by it.</summary>
    public string Note { get; }

    public JsonElement Params { get; }

    public double AbsoluteTolerance { get; }

    public double RelativeTolerance { get; }

    /// <summary>0 where the manifest gives no bound.</summary>
    public double WavMinSnrDb { get; }

    /// <summary>0 where the manifest gives no bound.</summary>
    public double MelTolerance { get; }

    /// <summary>The names of all tensors, in alphabetical order.</summary>
    public IEnumerable<string> Names => _tensors.Tensors.Keys.Order(StringComparer.Ordinal);

    public bool Has(string tensor) => _tensors.Tensors.ContainsKey(tensor);

    /// <summary>The name of the tensor that begins so, or null.</summary>
    public string? Find(string prefix) => _tensors.Tensors.Keys.FirstOrDefault(name => name.StartsWith(prefix, StringComparison.Ordinal));

    public IReadOnlyList<int> Shape(string tensor) => _tensors.Tensors[tensor].Shape;

    public float[] Floats(string tensor) => _tensors.Tensors[tensor].ToFloats();

    public int[] Ints(string tensor) => _tensors.Tensors[tensor].ToInts();

    /// <summary>An integer tensor, or an empty one where the case has none of this name.</summary>
    public int[] IntsOrEmpty(string tensor) => Has(tensor) ? Ints(tensor) : [];

    public float[] FloatsOrEmpty(string tensor) => Has(tensor) ? Floats(tensor) : [];

    public bool Flag(string parameter) => Params.TryGetProperty(parameter, out var value) && value.GetBoolean();

    public double Number(string parameter, double otherwise) =>
        Params.TryGetProperty(parameter, out var value) ? value.GetDouble() : otherwise;

    public void Dispose() => _tensors.Dispose();

    private static double Number(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : 0;
}
