using System.Text.Json;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>Walks through JSON of any size in a stream, token by token or value by value, with one value in memory at a time.</summary>
internal sealed class JsonCursor
{
    private readonly Stream _stream;
    private readonly int _maxValueBytes;
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _final;
    private JsonReaderState _state;

    /// <param name="several">Whether values may follow one another, as in JSON lines.</param>
    public JsonCursor(Stream stream, int maxValueBytes, bool several)
    {
        (_stream, _maxValueBytes) = (stream, maxValueBytes);
        _state = new JsonReaderState(new JsonReaderOptions { MaxDepth = 8, AllowMultipleValues = several });
        Refill();
        if (_buffer.AsSpan(0, _end).StartsWith(ByteOrderMark))
        {
            _start = ByteOrderMark.Length;
        }
    }

    private JsonCursor(Stream stream, int maxValueBytes, JsonReaderState state) =>
        (_stream, _maxValueBytes, _state) = (stream, maxValueBytes, state);

    /// <summary>The type of the token last read, of its first token for a value.</summary>
    public JsonTokenType Type { get; private set; }

    /// <summary>The value last read; valid until the next one is read.</summary>
    public ReadOnlyMemory<byte> Value { get; private set; }

    /// <summary>The name of the property last read; null for one that is not valid Unicode.</summary>
    public string? Name { get; private set; }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads one token; false at the end of the text.</summary>
    /// <exception cref="JsonException">It is not JSON here, or a value is too large.</exception>
    public bool ReadToken() => Read(whole: false);

    /// <summary>Reads one value with all that is in it; the end of a list or object is read as a token.</summary>
    /// <exception cref="JsonException">It is not JSON here, or a value is too large.</exception>
    public bool ReadValue() => Read(whole: true);

    /// <summary>Where this cursor is, for a second one that goes on from there later.</summary>
    public Func<JsonCursor> Remember()
    {
        (var position, var state) = (_stream.Position - (_end - _start), _state);
        return () =>
        {
            _stream.Position = position;
            return new JsonCursor(_stream, _maxValueBytes, state);
        };
    }

    private bool Read(bool whole)
    {
        while (true)
        {
            if (TryRead(whole))
            {
                return true;
            }

            if (_final)
            {
                return false;
            }

            Refill();
        }
    }

    private bool TryRead(bool whole)
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _final, _state);
        if (!reader.Read())
        {
            return false;
        }

        var type = reader.TokenType;
        var begin = _start + (int)reader.TokenStartIndex;
        if (whole && type is JsonTokenType.StartObject or JsonTokenType.StartArray && !reader.TrySkip())
        {
            return false;
        }

        Type = type;
        Name = type == JsonTokenType.PropertyName ? NameOf(ref reader) : null;
        _state = reader.CurrentState;
        _start += (int)reader.BytesConsumed;
        Value = _buffer.AsMemory(begin, _start - begin);
        return true;
    }

    private static string? NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Refill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_end >= _maxValueBytes)
            {
                throw new JsonException($"A single value is larger than {_maxValueBytes:N0} bytes.");
            }

            Array.Resize(ref _buffer, 2 * _end);
        }

        var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _final = read == 0;
        _end += read;
    }
}
