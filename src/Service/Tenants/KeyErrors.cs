using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Tenants;

/// <summary>Names of errors about keys, and how they are said.</summary>
public static class KeyErrors
{
    public const string Missing = "KEY_MISSING";
    public const string Invalid = "KEY_INVALID";
    public const string Unknown = "KEY_UNKNOWN";
    public const string NoKeys = "KEYS_MISSING";
    public const string Damaged = "KEYS_DAMAGED";
    public const string NotStored = "KEYS_NOT_STORED";
    public const string QuotaExceeded = "QUOTA_EXCEEDED";

    /// <summary>A server that others can reach would let nobody in.</summary>
    public static SpeechException None(string path) => new(
        SpeechErrorKind.Configuration,
        NoKeys,
        $"This server asks for keys, because it can be reached from other machines or was told to, and there is none in {path}.",
        "Make one with: cosy keys create --tenant NAME (with the same --data), or listen on 127.0.0.1 only.");

    /// <summary>A key was valid once.</summary>
    internal static SpeechException NotValid() => new(
        SpeechErrorKind.Invalid, Invalid, "The key of this connection is not valid any more.", "Ask whoever runs the server for another.");

    internal static SpeechException IsDamaged(string path, string reason, Exception? cause = null) => new(
        SpeechErrorKind.Configuration,
        Damaged,
        $"{path} cannot be used: {reason.TrimEnd('.')}.",
        "Correct it, restore it from a copy, or move it away and make new keys with: cosy keys create.",
        cause);
}
