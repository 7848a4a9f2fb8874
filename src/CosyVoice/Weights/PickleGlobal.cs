namespace CosyVoice.Weights;

internal enum PickleGlobalKind
{
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    Storage,
}

/// <summary>A Python name that a checkpoint may refer to. This list is all there is.</summary>
internal sealed record PickleGlobal(string Module, string Name, PickleGlobalKind Kind, ElementType Element = default)
{
    private const int ShownLength = 100;

    private static readonly Dictionary<(string Module, string Name), PickleGlobal> Known = new PickleGlobal[]
    {
        new("collections", "OrderedDict", PickleGlobalKind.OrderedDict),
        new("torch._utils", "_rebuild_tensor_v2", PickleGlobalKind.RebuildTensor),
        new("torch._utils", "_rebuild_parameter", PickleGlobalKind.RebuildParameter),
        Storage("DoubleStorage", ElementType.Float64),
        Storage("FloatStorage", ElementType.Float32),
        Storage("HalfStorage", ElementType.Float16),
        Storage("BFloat16Storage", ElementType.BFloat16),
        Storage("LongStorage", ElementType.Int64),
        Storage("IntStorage", ElementType.Int32),
        Storage("ShortStorage", ElementType.Int16),
        Storage("CharStorage", ElementType.Int8),
        Storage("ByteStorage", ElementType.UInt8),
        Storage("BoolStorage", ElementType.Bool),
    }.ToDictionary(global => (global.Module, global.Name));

    public static PickleGlobal Find(string? module, string? name) =>
        module != null && name != null && Known.TryGetValue((module, name), out var global)
            ? global
            : throw Refused(module, name);

    public static InvalidDataException Refused(string? module, string? name) => new(
        $"it needs '{Shorten(module)}.{Shorten(name)}', and only tensors and plain containers are read; " +
        "save the model's state_dict() alone");

    private static PickleGlobal Storage(string name, ElementType element) => new("torch", name, PickleGlobalKind.Storage, element);

    private static string Shorten(string? text) => text switch
    {
        null => "?",
        { Length: > ShownLength } => text[..ShownLength] + "...",
        _ => text,
    };
}
