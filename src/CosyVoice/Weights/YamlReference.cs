using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace CosyVoice.Weights;

/// <summary>
/// HyperPyYAML references: <c>!ref &lt;a&gt;</c>, <c>!ref &lt;a[b]&gt;</c>, or arithmetic over such and numbers with
/// + - * / // and parentheses. They may lead to other references.
/// </summary>
internal sealed class YamlReference(YamlMappingNode root)
{
    private const string Tag = "!ref";
    private const int MaxChain = 16;
    private const int MaxLength = 200;

    private string _text = "";
    private int _at;
    private int _chain;

    /// <exception cref="FormatException">It leads nowhere, in a circle, or is not understood.</exception>
    public YamlNode Resolve(YamlNode node)
    {
        if (node is not YamlScalarNode { Value: { } text } || node.Tag.IsEmpty || node.Tag.Value != Tag)
        {
            return node;
        }

        if (++_chain > MaxChain || text.Length > MaxLength)
        {
            throw new FormatException($"'{Tag} {Shorten(text)}' leads in a circle or is too long");
        }

        text = text.Trim();
        return text.StartsWith('<') && text.IndexOf('>') == text.Length - 1
            ? Resolve(Find(text[1..^1]))
            : new YamlScalarNode(Evaluate(text).ToString("R", CultureInfo.InvariantCulture));
    }

    private YamlNode Find(string path)
    {
        YamlNode? found = root;
        foreach (var name in path.Split('[').Select(part => part.TrimEnd(']')))
        {
            found = found is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(name), out var child)
                ? child
                : null;
        }

        return found ?? throw new FormatException($"'{Tag} <{path}>' leads nowhere");
    }

    private double Evaluate(string text)
    {
        var (outerText, outerAt) = (_text, _at);
        (_text, _at) = (text, 0);
        var value = Sum();
        if (Next() != '\0')
        {
            throw NotUnderstood();
        }

        (_text, _at) = (outerText, outerAt);
        return value;
    }

    private double Sum()
    {
        var value = Product();
        while (Next() is '+' or '-')
        {
            value = _text[_at++] == '+' ? value + Product() : value - Product();
        }

        return value;
    }

    private double Product()
    {
        var value = Factor();
        while (Next() is '*' or '/')
        {
            if (_text[_at++] == '*')
            {
                value *= Factor();
            }
            else if (Next() == '/')
            {
                _at++;
                value = Math.Floor(value / Factor());
            }
            else
            {
                value /= Factor();
            }
        }

        return value;
    }

    private double Factor()
    {
        if (Next() == '(')
        {
            _at++;
            var value = Sum();
            return Next() == ')' && _at++ >= 0 ? value : throw NotUnderstood();
        }

        return Next() == '<' ? Number(Take('>')) : Number(TakeLiteral());
    }

    private double Number(string text)
    {
        if (text.StartsWith('<'))
        {
            text = (Resolve(Find(text[1..^1])) as YamlScalarNode)?.Value ?? "";
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw NotUnderstood();
    }

    private string Take(char last)
    {
        var end = _text.IndexOf(last, _at);
        var taken = end < 0 ? throw NotUnderstood() : _text[_at..(end + 1)];
        _at = end + 1;
        return taken;
    }

    private string TakeLiteral()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.'))
        {
            _at++;
        }

        return _text[start.._at];
    }

    /// <summary>The next character behind blanks, or the end as '\0'.</summary>
    private char Next()
    {
        while (_at < _text.Length && _text[_at] == ' ')
        {
            _at++;
        }

        return _at < _text.Length ? _text[_at] : '\0';
    }

    private FormatException NotUnderstood() => new($"'{Tag} {Shorten(_text)}' is not understood");

    private static string Shorten(string text) => text.Length > MaxLength ? text[..MaxLength] + "..." : text;
}
