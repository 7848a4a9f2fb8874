namespace CosyVoice.Weights;

/// <summary>
/// Reads a pickle without executing anything: strings, numbers, tuples (<c>object?[]</c>), lists, dictionaries
/// (<see cref="PickledDict"/>), and tensors that a <see cref="TorchStorages"/> finds in the archive. The machine has no way to
/// call a Python object: a name outside <see cref="PickleGlobal"/>'s list ends the reading.
/// </summary>
/// <remarks>
/// Opcodes as in Python's pickletools. The number of operations bounds time, stack, memo and every container at once;
/// nothing is walked recursively, so that nesting and shared or cyclic containers cost nothing.
/// </remarks>
internal sealed class Unpickler(TorchStorages storages)
{
    private const int HighestProtocol = 5;
    private const int MaxBytes = 64 << 20;
    private const int MaxOperations = 2_000_000;

    private static readonly object NoConstant = new();

    private readonly PickleStack _stack = new();
    private readonly Dictionary<long, object?> _memo = [];

    /// <exception cref="InvalidDataException">Truncated, malformed, or more than tensors and plain containers.</exception>
    public object? Read(ReadOnlySpan<byte> pickle)
    {
        if (pickle.Length > MaxBytes)
        {
            throw new InvalidDataException($"a pickle of {pickle.Length} bytes; at most {MaxBytes} are read");
        }

        var reader = new PickleReader(pickle);
        for (var operation = 0; operation < MaxOperations; operation++)
        {
            var opcode = reader.Byte();
            if (opcode == '.')
            {
                return _stack.Pop();
            }

            Execute(opcode, ref reader);
        }

        throw new InvalidDataException($"the pickle has more than {MaxOperations} operations");
    }

    private void Execute(byte opcode, ref PickleReader reader)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                var protocol = reader.Byte();
                if (protocol > HighestProtocol)
                {
                    throw new InvalidDataException($"pickle protocol {protocol}; at most {HighestProtocol} is read");
                }

                break;
            case 0x95: // FRAME
                reader.UInt64();
                break;
            case (byte)'(':
                _stack.PushMark();
                break;
            case (byte)'0': // POP
                _stack.Pop();
                break;
            case (byte)'1': // POP_MARK
                _stack.PopToMark();
                break;
            case (byte)'2': // DUP
                _stack.Push(_stack.Peek());
                break;
            case (byte)'q': // BINPUT
                _memo[reader.Byte()] = _stack.Peek();
                break;
            case (byte)'r': // LONG_BINPUT
                _memo[reader.UInt32()] = _stack.Peek();
                break;
            case 0x94: // MEMOIZE
                _memo[_memo.Count] = _stack.Peek();
                break;
            case (byte)'h': // BINGET
                _stack.Push(Recall(reader.Byte()));
                break;
            case (byte)'j': // LONG_BINGET
                _stack.Push(Recall(reader.UInt32()));
                break;
            default:
                if (!PushConstant(opcode, ref reader) && !Build(opcode, ref reader))
                {
                    throw new InvalidDataException(
                        $"pickle opcode 0x{opcode:x2} at {reader.Position - 1} is not one that tensors and plain containers need");
                }

                break;
        }
    }

    private bool PushConstant(byte opcode, ref PickleReader reader)
    {
        var value = Constant(opcode, ref reader);
        if (ReferenceEquals(value, NoConstant))
        {
            return false;
        }

        _stack.Push(value);
        return true;
    }

    private static object? Constant(byte opcode, ref PickleReader reader) => opcode switch
    {
        (byte)'N' => null,
        0x88 => true, // NEWTRUE
        0x89 => false, // NEWFALSE
        (byte)'J' => (long)reader.Int32(), // BININT
        (byte)'K' => (long)reader.Byte(), // BININT1
        (byte)'M' => (long)reader.UInt16(), // BININT2
        0x8a => reader.Integer(reader.Byte()), // LONG1
        0x8b => reader.Integer(reader.UInt32()), // LONG4
        (byte)'G' => reader.BigEndianDouble(), // BINFLOAT
        (byte)'X' => reader.Text(reader.UInt32()), // BINUNICODE
        0x8c => reader.Text(reader.Byte()), // SHORT_BINUNICODE
        0x8d => reader.Text(reader.UInt64()), // BINUNICODE8
        (byte)'U' => reader.Text(reader.Byte()), // SHORT_BINSTRING, text of Python 2
        (byte)'T' => reader.Text(reader.UInt32()), // BINSTRING
        (byte)'C' => reader.Take(reader.Byte()).ToArray(), // SHORT_BINBYTES
        (byte)'B' => reader.Take(reader.UInt32()).ToArray(), // BINBYTES
        0x8e => reader.Take(reader.UInt64()).ToArray(), // BINBYTES8
        (byte)')' => Array.Empty<object?>(), // EMPTY_TUPLE
        (byte)']' => new List<object?>(), // EMPTY_LIST
        (byte)'}' => new PickledDict(), // EMPTY_DICT
        _ => NoConstant,
    };

    private bool Build(byte opcode, ref PickleReader reader)
    {
        switch (opcode)
        {
            case 0x85: // TUPLE1
                _stack.Push(_stack.Pop(1));
                return true;
            case 0x86: // TUPLE2
                _stack.Push(_stack.Pop(2));
                return true;
            case 0x87: // TUPLE3
                _stack.Push(_stack.Pop(3));
                return true;
            case (byte)'t': // TUPLE
                _stack.Push(_stack.PopToMark());
                return true;
            case (byte)'l': // LIST
                _stack.Push(_stack.PopToMark().ToList());
                return true;
            case (byte)'a': // APPEND
                AppendAll(_stack.Pop(1));
                return true;
            case (byte)'e': // APPENDS
                AppendAll(_stack.PopToMark());
                return true;
            case (byte)'d': // DICT
                var pairs = _stack.PopToMark();
                _stack.Push(new PickledDict());
                SetAll(pairs);
                return true;
            case (byte)'s': // SETITEM
                SetAll(_stack.Pop(2));
                return true;
            case (byte)'u': // SETITEMS
                SetAll(_stack.PopToMark());
                return true;
            case (byte)'c': // GLOBAL
                _stack.Push(PickleGlobal.Find(reader.Line(), reader.Line()));
                return true;
            case 0x93: // STACK_GLOBAL
                var name = _stack.Pop(2);
                _stack.Push(PickleGlobal.Find(name[0] as string, name[1] as string));
                return true;
            case (byte)'i': // INST
                throw PickleGlobal.Refused(reader.Line(), reader.Line());
            case 0x81: // NEWOBJ
                throw NotCallable(_stack.Pop(2)[0]);
            case 0x92: // NEWOBJ_EX
                throw NotCallable(_stack.Pop(3)[0]);
            case (byte)'o': // OBJ
                throw NotCallable(_stack.PopToMark().FirstOrDefault());
            case (byte)'R': // REDUCE
                var call = _stack.Pop(2);
                _stack.Push(Reduce(call[0], call[1]));
                return true;
            case (byte)'b': // BUILD
                SetState(_stack.Pop());
                return true;
            case (byte)'Q': // BINPERSID
                _stack.Push(storages.Find(_stack.Pop()));
                return true;
            default:
                return false;
        }
    }

    private object? Reduce(object? target, object? arguments) => (target, arguments) switch
    {
        (PickleGlobal { Kind: PickleGlobalKind.OrderedDict }, object?[] { Length: 0 }) => new PickledDict(),
        (PickleGlobal { Kind: PickleGlobalKind.RebuildTensor }, object?[] values) => storages.RebuildTensor(values),
        (PickleGlobal { Kind: PickleGlobalKind.RebuildParameter }, object?[] values) when values is [StoredTensor tensor, ..] => tensor,
        _ => throw NotCallable(target),
    };

    /// <summary>A state dict carries its layers' versions as an attribute of the dictionary, which nothing needs.</summary>
    private void SetState(object? state)
    {
        if (_stack.Peek() is not PickledDict || state is not PickledDict)
        {
            throw new InvalidDataException($"the pickle sets the state of {Describe(_stack.Peek())}");
        }
    }

    private void AppendAll(object?[] values)
    {
        var list = _stack.Peek() as List<object?> ?? throw new InvalidDataException($"the pickle appends to {Describe(_stack.Peek())}");
        list.AddRange(values);
    }

    private void SetAll(object?[] pairs)
    {
        if (_stack.Peek() is not PickledDict dict || pairs.Length % 2 != 0)
        {
            throw new InvalidDataException($"the pickle sets {pairs.Length} keys and values of {Describe(_stack.Peek())}");
        }

        for (var i = 0; i < pairs.Length; i += 2)
        {
            dict.Set(pairs[i], pairs[i + 1]);
        }
    }

    private object? Recall(long index) => _memo.TryGetValue(index, out var value)
        ? value
        : throw new InvalidDataException($"the pickle recalls entry {index}, which it never stored");

    private static InvalidDataException NotCallable(object? target) => target is PickleGlobal global
        ? PickleGlobal.Refused(global.Module, global.Name)
        : new InvalidDataException($"the pickle calls {Describe(target)}");

    private static string Describe(object? value) => value switch
    {
        null => "None",
        PickleGlobal global => $"'{global.Module}.{global.Name}'",
        string => "a string",
        long => "an integer",
        object[] => "a tuple",
        List<object?> => "a list",
        PickledDict => "a dictionary",
        StoredTensor => "a tensor",
        _ => $"a {value.GetType().Name}",
    };
}
