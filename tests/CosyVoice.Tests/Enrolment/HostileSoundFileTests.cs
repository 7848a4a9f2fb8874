using System.Net;
using System.Net.Sockets;
using System.Text;
using CosyVoice.Audio;
using CosyVoice.Enrolment;

namespace CosyVoice.Tests.Enrolment;

/// <summary>Files that are meant to harm: every one is refused in words, quickly, and makes the real program open nothing.</summary>
public sealed class HostileSoundFileTests : IDisposable
{
    private static readonly TimeSpan Quickly = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [FfmpegTheory]
    [InlineData("a.mp3", "-c:a libmp3lame")]
    [InlineData("a.aac", "-c:a aac -f adts")]
    [InlineData("a.m4a", "-c:a aac")]
    [InlineData("a.ogg", "-c:a libvorbis")]
    [InlineData("a.opus", "-c:a libopus")]
    [InlineData("a.flac", "-c:a flac")]
    [InlineData("a.webm", "-c:a libopus")]
    public async Task Decode_Truncated_IsAShorterRecordingOrRefused(string name, string format)
    {
        var file = Make(Recorded(), format, name);
        foreach (var length in new[] { file.Length / 2, 300, 40, 8, 1 })
        {
            try
            {
                Assert.InRange((await DecodeAsync(file.AsMemory(0, Math.Min(length, file.Length)))).Seconds, 0, 2.2);
            }
            catch (AudioFormatException e)
            {
                Assert.DoesNotContain(_folder.Path, e.Message);
                Assert.NotEmpty(e.Solution);
            }
        }
    }

    [FfmpegTheory]
    [InlineData("a.mp3", "-c:a libmp3lame -b:a 8k -ar 16000 -ac 1")]
    [InlineData("a.opus", "-c:a libopus -b:a 6k -frame_duration 60")]
    [InlineData("a.flac", "-c:a flac")]
    public async Task Enrol_TenMinutesOfSilenceInASmallFile_IsReadNoFurtherThanNeeded(string name, string format)
    {
        var file = Make("-f lavfi -i anullsrc=r=48000:cl=mono -t 600", format, name);
        Assert.InRange(file.Length, 1, VoiceEnrolment.MaxBytes);
        var enrolment = new VoiceEnrolment(Repository.Fixture("model_v2/model"), 1);

        Assert.InRange((await DecodeAsync(file)).Seconds, 30.1, 31.1);
        await Assert.ThrowsAsync<RecordingException>(() => enrolment.EnrolAsync("v", file, "", default).WaitAsync(Quickly));
    }

    [FfmpegFact]
    public async Task Decode_ManyChannelsAtAHighRate_IsCutBeforeItFillsTheMemory()
    {
        var file = Make("-f lavfi -i anullsrc=r=384000:cl=7.1 -t 40", "-c:a flac", "a.flac");
        Assert.InRange(file.Length, 1, 1024 * 1024);

        var error = await Assert.ThrowsAsync<AudioFormatException>(() => DecodeAsync(file));

        Assert.Contains("more than 64 MB", error.Message);
    }

    public static TheoryData<string, string> Playlists => new()
    {
        { "HLS", "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:3.0,\n{0}\n#EXT-X-ENDLIST\n" },
        { "HLS, another format within", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:3.0,\nconcat:{0}|{0}\n#EXT-X-ENDLIST\n" },
        { "concat script", "ffconcat version 1.0\nfile '{0}'\nduration 3\n" },
        { "DASH", "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" mediaPresentationDuration=\"PT3S\"><Period><AdaptationSet mimeType=\"audio/mp4\"><Representation id=\"1\" bandwidth=\"1\"><BaseURL>{0}</BaseURL></Representation></AdaptationSet></Period></MPD>" },
        { "SDP", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\na=control:{0}\n" },
        { "image list", "{0}\n{0}\n" },
        { "a text", "This is no sound at all. {0}\n" },
        { "its name", "{0}" },
        { "nothing but zeros", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0{0}" },
        { "a WAV file's first bytes", "RIFF\u0001\0\0\0WAVEfmt {0}" },
    };

    [FfmpegTheory]
    [MemberData(nameof(Playlists))]
    public async Task Enrol_FileThatNamesOthers_OpensNoneOfThem(string what, string content)
    {
        var secret = Path.Combine(_folder.Path, "secret.wav");
        File.WriteAllBytes(secret, Voices.ToWav(Voices.Speak(3)));
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var enrolment = new VoiceEnrolment(Repository.Fixture("model_v2/model"), 1);
        foreach (var target in new[] { secret, $"file://{secret}", $"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/a.wav", "secret.wav" })
        {
            var file = Encoding.UTF8.GetBytes(content.Replace("{0}", target, StringComparison.Ordinal));

            var error = await Assert.ThrowsAsync<AudioFormatException>(() => enrolment.EnrolAsync("v", file, "", default).WaitAsync(Quickly));

            Assert.NotEmpty(error.Solution);
            Assert.False(server.Pending(), $"{what} made a connection");
        }
    }

    private string Recorded()
    {
        var wav = Path.Combine(_folder.Path, "in.wav");
        File.WriteAllBytes(wav, Voices.ToWav(Voices.Speak(3)));
        return $"-i {wav}";
    }

    private byte[] Make(string input, string format, string name) => FfmpegProgram.Make(input, format, Path.Combine(_folder.Path, name));

    private static Task<Recording> DecodeAsync(ReadOnlyMemory<byte> file) => Ffmpeg.OfPath().DecodeAsync(file, default).WaitAsync(Quickly);
}
