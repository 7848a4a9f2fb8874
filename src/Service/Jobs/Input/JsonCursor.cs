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

    public JsonCursor(Stream stream, int maxValueBytes)
    {
        (_stream, _maxValueBytes) = (stream, maxValueBytes);
        _state = new JsonReaderState(new JsonReaderOptions { MaxDepth = 8 });
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

    /// <summary>The value last read, or the name of a property; valid until the next one is read.</summary>
    public ReadOnlyMemory<byte> Value { get; private set; }

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

        _state = reader.CurrentState;
        _start += (int)reader.BytesConsumed;
        Type = type;
        Value = type == JsonTokenType.PropertyName
            ? reader.HasValueSequence || reader.ValueIsEscaped ? default : _buffer.AsMemory(begin + 1, reader.ValueSpan.Length)
            : _buffer.AsMemory(begin, _start - begin);
        return true;
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
