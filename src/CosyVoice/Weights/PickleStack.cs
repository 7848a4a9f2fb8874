namespace CosyVoice.Weights;

/// <summary>The stack of a pickle machine, where marks separate the values of unfinished containers.</summary>
internal sealed class PickleStack
{
    private static readonly object Mark = new();

    private readonly List<object?> _values = [];

    public void Push(object? value) => _values.Add(value);

    public void PushMark() => _values.Add(Mark);

    public object? Peek() => _values.Count > 0 && !ReferenceEquals(_values[^1], Mark) ? _values[^1] : throw Underflow();

    public object? Pop() => Pop(1)[0];

    /// <summary>The topmost values, in the order they were pushed.</summary>
    public object?[] Pop(int count)
    {
        if (_values.Count < count)
        {
            throw Underflow();
        }

        object?[] taken = [.. _values[^count..]];
        _values.RemoveRange(_values.Count - count, count);
        return Array.IndexOf(taken, Mark) < 0 ? taken : throw Underflow();
    }

    /// <summary>The values above the topmost mark, which goes with them.</summary>
    public object?[] PopToMark()
    {
        var mark = _values.LastIndexOf(Mark);
        if (mark < 0)
        {
            throw Underflow();
        }

        var taken = Pop(_values.Count - mark - 1);
        _values.RemoveAt(mark);
        return taken;
    }

    private static InvalidDataException Underflow() => new("the pickle takes more from its stack than it put there");
}
