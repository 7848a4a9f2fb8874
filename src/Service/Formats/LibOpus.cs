using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CosyOrleans.Service.Formats;

/// <summary>The few functions of libopus that encoding takes. The library is loaded when it is first asked for.</summary>
internal sealed class LibOpus
{
    private const int Voice = 2048; // OPUS_APPLICATION_VOIP
    private const int SetBitRateRequest = 4002; // OPUS_SET_BITRATE
    private const int GetLookaheadRequest = 4027; // OPUS_GET_LOOKAHEAD

    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["opus.dll", "libopus-0.dll", "libopus.dll"]
        : OperatingSystem.IsMacOS() ? ["libopus.0.dylib", "/opt/homebrew/lib/libopus.0.dylib", "/usr/local/lib/libopus.0.dylib"]
        : ["libopus.so.0", "libopus.so"];

    private static readonly Lazy<LibOpus?> Loaded = new(() => Load(Names));

    private readonly Create _create;
    private readonly Destroy _destroy;
    private readonly Encode _encode;
    private readonly Control _control;
    private readonly Describe _describe;

    private LibOpus(nint library)
    {
        T Of<T>(string name)
            where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));

        (_create, _destroy, _encode) = (Of<Create>("opus_encoder_create"), Of<Destroy>("opus_encoder_destroy"), Of<Encode>("opus_encode"));
        _describe = Of<Describe>("opus_strerror");
        _control = Of<Control>("opus_encoder_ctl");
        if (OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64)
        {
            // There the values of a function of any number of arguments lie on the stack, behind the eight that travel in registers.
            var control = Of<AppleControl>("opus_encoder_ctl");
            _control = (encoder, request, value) => control(encoder, request, 0, 0, 0, 0, 0, 0, value);
        }
    }

    private delegate nint Create(int sampleRate, int channels, int application, out int error);

    private delegate void Destroy(nint encoder);

    private delegate int Encode(nint encoder, ref short samples, int count, ref byte packet, int most);

    private delegate int Control(nint encoder, int request, nint value);

    private delegate int AppleControl(nint encoder, int request, nint c, nint d, nint e, nint f, nint g, nint h, nint value);

    private delegate nint Describe(int error);

    /// <summary>Null where the library is not installed.</summary>
    public static LibOpus? Find() => Loaded.Value;

    /// <summary>The first of these libraries that there is.</summary>
    public static LibOpus? Load(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return new LibOpus(library);
            }
        }

        return null;
    }

    /// <summary>An encoder of one voice.</summary>
    public Encoder CreateEncoder(int sampleRate)
    {
        var handle = _create(sampleRate, 1, Voice, out var error);
        Check(error);
        return new Encoder(this, handle);
    }

    private int Check(int result) => result >= 0 ? result
        : throw new InvalidOperationException($"libopus: {Marshal.PtrToStringUTF8(_describe(result))}");

    /// <summary>Its state, freed in any case. To be used by one thread at a time.</summary>
    public sealed class Encoder : SafeHandleZeroOrMinusOneIsInvalid
    {
        private readonly LibOpus _library;

        public Encoder(LibOpus library, nint encoder)
            : base(ownsHandle: true)
        {
            _library = library;
            SetHandle(encoder);
        }

        /// <summary>Samples that come out before the first one that was put in.</summary>
        public int Lookahead
        {
            get
            {
                var place = Marshal.AllocHGlobal(sizeof(int));
                try
                {
                    _library.Check(_library._control(handle, GetLookaheadRequest, place));
                    return Marshal.ReadInt32(place);
                }
                finally
                {
                    Marshal.FreeHGlobal(place);
                }
            }
        }

        public void SetBitRate(int bitsPerSecond) => _library.Check(_library._control(handle, SetBitRateRequest, bitsPerSecond));

        /// <summary>Bytes of the packet.</summary>
        public int EncodeFrame(ReadOnlySpan<short> samples, Span<byte> packet) =>
            _library.Check(_library._encode(handle, ref MemoryMarshal.GetReference(samples), samples.Length, ref MemoryMarshal.GetReference(packet), packet.Length));

        protected override bool ReleaseHandle()
        {
            _library._destroy(handle);
            return true;
        }
    }
}
