namespace CosyOrleans.Service.Errors;

/// <summary>Names of errors that clients may rely on.</summary>
public static class SpeechErrorCodes
{
    public const string RequestInvalid = "REQUEST_INVALID";
    public const string TextEmpty = "TEXT_EMPTY";
    public const string TextTooLong = "TEXT_TOO_LONG";
    public const string TextTimeout = "TEXT_TIMEOUT";
    public const string TextUnsupported = "TEXT_UNSUPPORTED";
    public const string VoiceUnknown = "VOICE_UNKNOWN";
    public const string VoiceInvalid = "VOICE_INVALID";
    public const string VoiceUnsuitable = "VOICE_UNSUITABLE";
    public const string VoiceBuiltIn = "VOICE_BUILT_IN";
    public const string VoiceExists = "VOICE_EXISTS";
    public const string VoiceShared = "VOICE_SHARED";
    public const string VoiceDamaged = "VOICE_DAMAGED";
    public const string VoiceConflict = "VOICE_CONFLICT";
    public const string VoiceNotStored = "VOICE_NOT_STORED";
    public const string RecordingInvalid = "RECORDING_INVALID";
    public const string EnrolmentUnavailable = "ENROLMENT_UNAVAILABLE";
    public const string VoicesUnavailable = "VOICES_UNAVAILABLE";
    public const string FormatUnavailable = "FORMAT_UNAVAILABLE";
    public const string EncodingFailed = "ENCODING_FAILED";
    public const string SoundTooLong = "SOUND_TOO_LONG";
    public const string NotOffered = "NOT_OFFERED";
    public const string ServerBusy = "SERVER_BUSY";
    public const string NodeDraining = "NODE_DRAINING";
    public const string NodeQuarantined = "NODE_QUARANTINED";
    public const string ResumeInvalid = "RESUME_INVALID";
    public const string NotReady = "NOT_READY";
    public const string ModelLoadFailed = "MODEL_LOAD_FAILED";
    public const string DeviceMemory = "CUDA_OOM";
    public const string NotANumber = "NOT_A_NUMBER";
    public const string Internal = "INTERNAL";
}
