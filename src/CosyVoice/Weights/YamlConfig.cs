using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CosyVoice.Weights;

/// <summary>
/// A configuration file, HyperPyYAML or JSON (which is YAML), read as data: tags such as <c>!new:</c> name Python classes and
/// are ignored, except <c>!ref</c>, which is followed. Values are asked for by path, <c>yaml["flow"].Positive("input_size")</c>;
/// what is missing or wrong is added to the problems with its path.
/// </summary>
internal sealed class YamlConfig
{
    private const int MaxBytes = 1 << 20;
    private const int MaxDepth = 64;

    private readonly List<string> _problems;
    private readonly YamlMappingNode _root;

    private YamlConfig(string file, YamlMappingNode root, List<string> problems)
    {
        File = file;
        _root = root;
        _problems = problems;
    }

    /// <summary>Its name without the folder.</summary>
    public string File { get; }

    /// <summary>The section under a top-level key.</summary>
    public YamlSection this[string name] => Root[name];

    public YamlSection Root => new(this, "", _root);

    /// <summary>Null, with the reason in <paramref name="problems"/>, when the file is no mapping of keys to values.</summary>
    public static YamlConfig? Load(string path, List<string> problems)
    {
        var file = Path.GetFileName(path);
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new YamlException($"larger than {MaxBytes} bytes");
            }

            var text = System.IO.File.ReadAllText(path);
            CheckDepth(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode root }, ..]
                ? new YamlConfig(file, root, problems)
                : throw new YamlException("keys with values are expected");
        }
        catch (Exception error) when (error is YamlException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            problems.Add($"{file}: cannot be read: {error.Message}");
            return null;
        }
    }

    internal void Report(string path, string problem)
    {
        var line = $"{File}: {path}: {problem}";
        if (!_problems.Contains(line))
        {
            _problems.Add(line);
        }
    }

    /// <summary>Follows <c>!ref &lt;key&gt;</c>; a reference with arithmetic becomes the node of its value.</summary>
    /// <exception cref="FormatException">The reference leads nowhere, or in a circle.</exception>
    internal YamlNode Resolve(YamlNode node) => new YamlReference(_root).Resolve(node);

    /// <summary>The representation is built recursively, so that its depth has to be bounded before.</summary>
    private static void CheckDepth(string text)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext();)
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
            {
                throw new YamlException($"nested more than {MaxDepth} deep");
            }
        }
    }
}
