using CosyVoice.Audio;
using CosyVoice.Enrolment;

namespace CosyVoice.Tests.Enrolment;

/// <summary>Recordings in the formats that people send, made by the real program and enrolled.</summary>
public sealed class SoundFileTests : IDisposable
{
    private const double Seconds = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [FfmpegTheory]
    [InlineData("a.wav", "-c:a pcm_u8")]
    [InlineData("a.wav", "-c:a pcm_s16le")]
    [InlineData("a.wav", "-c:a pcm_s24le -ac 2")]
    [InlineData("a.wav", "-c:a pcm_s32le")]
    [InlineData("a.wav", "-c:a pcm_f32le")]
    [InlineData("a.wav", "-c:a pcm_f64le")]
    [InlineData("a.wav", "-c:a pcm_s24le -ac 6")] // More channels than two have an extensible header.
    [InlineData("a.wav", "-c:a adpcm_ms")]
    [InlineData("a.mp3", "-c:a libmp3lame -b:a 64k")]
    [InlineData("a.aac", "-c:a aac -f adts")]
    [InlineData("a.m4a", "-c:a aac")] // Its index stands at the end.
    [InlineData("a.m4a", "-c:a aac -movflags +faststart")]
    [InlineData("a.ogg", "-c:a libvorbis")]
    [InlineData("a.opus", "-c:a libopus")]
    [InlineData("a.flac", "-c:a flac")]
    [InlineData("a.webm", "-c:a libopus")]
    [InlineData("a.mka", "-c:a flac")]
    [InlineData("a.aiff", "-c:a pcm_s16be")]
    public async Task Enrol_Recording_IsHeardWhole(string name, string format)
    {
        var wav = Path.Combine(_folder.Path, "in.wav");
        File.WriteAllBytes(wav, Voices.ToWav(Voices.Speak(Seconds, 44_100)));
        var file = FfmpegProgram.Make($"-i {wav}", format, Path.Combine(_folder.Path, name));

        var voice = await new VoiceEnrolment(Repository.Fixture("model_v2/model"), 1).EnrolAsync("v", file, "One two three.", default);

        Assert.InRange(voice.Report.Seconds, Seconds - 0.01, Seconds + 0.1); // Some formats end with whole frames.
        Assert.InRange(voice.Speaker.FlowPromptTokens.Length, 74, 78);
        Assert.InRange(voice.Report.PeakDecibels, format.Contains("-ac", StringComparison.Ordinal) ? -27 : -13, -8); // Spread over channels, it is their average.
        Assert.InRange(voice.Report.LeadingSilence, 0, 0.2);
        Assert.DoesNotContain(voice.Report.Warnings, warning => warning.Message.Contains("noise", StringComparison.Ordinal) && name != "a.wav");
    }

    [FfmpegFact]
    public async Task Decode_LosslessFileOfManyBytes_IsTheSameSampleForSample()
    {
        var random = new Random(1);
        Recording noise = new([.. Enumerable.Range(0, 29 * 48_000).Select(_ => (short)random.Next(-8000, 8000) / 32768f)], 48_000, 1);
        var wav = Path.Combine(_folder.Path, "in.wav");
        File.WriteAllBytes(wav, Voices.ToWav(noise));
        var file = FfmpegProgram.Make($"-i {wav}", "-c:a flac", Path.Combine(_folder.Path, "a.flac"));

        var read = await Ffmpeg.OfPath().DecodeAsync(file, default);

        Assert.Equal(noise.Samples.Length, read.Samples.Length);
        Assert.True(noise.Samples.AsSpan().SequenceEqual(read.Samples));
    }
}
