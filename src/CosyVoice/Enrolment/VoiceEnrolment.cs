using CosyVoice.Audio;
using CosyVoice.Engine;
using CosyVoice.Enrolment.Onnx;
using CosyVoice.Kernels;
using CosyVoice.Text;
using CosyVoice.Weights;

namespace CosyVoice.Enrolment;

/// <summary>
/// Makes voices from recordings: speech tokens and mel of what is said, an embedding of who says it, and the tokens of the
/// transcript. The networks for that are read for each voice and not kept: a voice is made once, and they take as much memory as a
/// model. May be used by several threads; each takes that memory.
/// </summary>
public sealed class VoiceEnrolment
{
    /// <summary>Bytes of a recording, at most.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>CosyVoice 3 was trained with these words before what is said in the recording.</summary>
    public const string CosyVoice3Prefix = PromptRules.Greeting + PromptRules.EndOfPrompt;

    private const int FramesPerToken = 2;

    private readonly EnrolmentFolder _folder;
    private readonly Tokenizer _tokenizer;
    private readonly Ffmpeg _ffmpeg;
    private readonly int _threads;

    /// <param name="modelFolder">With campplus.onnx and speech_tokenizer_v2.onnx or _v3.onnx beside llm.pt.</param>
    /// <param name="threads">Threads that compute, at least 1.</param>
    /// <exception cref="CheckpointException">The folder lacks what is needed; every file is named.</exception>
    public VoiceEnrolment(string modelFolder, int threads)
        : this(modelFolder, threads, Ffmpeg.OfPath())
    {
    }

    internal VoiceEnrolment(string modelFolder, int threads, Ffmpeg ffmpeg)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        (_folder, _threads, _ffmpeg) = (new EnrolmentFolder(modelFolder), threads, ffmpeg);
        _tokenizer = _folder.ReadTokenizer();
    }

    /// <summary>The kind of models that can speak with the voices, such as "cosyvoice2".</summary>
    public string ModelKind => _folder.ModelKind;

    /// <param name="id">Of the voice.</param>
    /// <param name="file">The recording: WAV, or with ffmpeg installed anything that it reads; 1 to <see cref="MaxBytes"/> bytes.</param>
    /// <param name="transcript">Exactly what is said in it. Empty: the voice speaks without knowing it, less alike.</param>
    /// <exception cref="AudioFormatException">The file cannot be read.</exception>
    /// <exception cref="RecordingException">The recording is too short, too long, too coarse or silent.</exception>
    /// <exception cref="CheckpointException">The model folder's networks cannot be used.</exception>
    public async Task<EnrolledVoice> EnrolAsync(string id, ReadOnlyMemory<byte> file, string transcript, CancellationToken cancellationToken)
    {
        var recording = await ReadAsync(file, cancellationToken);
        var report = RecordingCheck.Measure(recording, transcript);
        var speaker = await Task.Run(() => Listen(id, recording, transcript, cancellationToken), cancellationToken);
        return new EnrolledVoice(speaker, report, ModelKind);
    }

    /// <summary>The speech tokens of a recording that another voice is to say, for <see cref="SpeechModel.PrepareSource"/>.</summary>
    /// <param name="file">As for <see cref="EnrolAsync"/>; <see cref="RecordingCheck.ShortestSource"/> seconds are enough.</param>
    /// <exception cref="AudioFormatException">The file cannot be read.</exception>
    /// <exception cref="RecordingException">The recording is too short, too long, too coarse or silent.</exception>
    /// <exception cref="CheckpointException">The model folder's networks cannot be used.</exception>
    public async Task<int[]> ListenAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        var recording = await ReadAsync(file, cancellationToken);
        RecordingCheck.CheckSource(recording);
        return await Task.Run(
            () =>
            {
                using var workers = new Workers(_threads);
                return Tokenize(new Resampler(recording.SampleRate, WhisperMel.SampleRate).Resample(recording.Samples), workers);
            },
            cancellationToken);
    }

    private async ValueTask<Recording> ReadAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        if (file.Length is 0 or > MaxBytes)
        {
            throw new AudioFormatException($"The recording has {file.Length} bytes; 1 to {MaxBytes} are taken.", "Give a shorter recording.");
        }

        return WavReader.IsPlainWav(file.Span) ? WavReader.Read(file.Span) : await _ffmpeg.DecodeAsync(file, cancellationToken);
    }

    private Speaker Listen(string id, Recording recording, string transcript, CancellationToken cancellationToken)
    {
        using var workers = new Workers(_threads);
        var low = new Resampler(recording.SampleRate, WhisperMel.SampleRate).Resample(recording.Samples);
        var embedding = Embed(low, workers);
        cancellationToken.ThrowIfCancellationRequested();
        var tokens = Tokenize(low, workers);
        cancellationToken.ThrowIfCancellationRequested();
        var high = new Resampler(recording.SampleRate, FlowMel.SampleRate).Resample(recording.Samples);
        using var mel = _folder.FlowMel.Compute(high);

        // Both are cut to whole tokens: their frames are counted at different rates and may disagree by one.
        var count = Math.Min(mel.Rows / FramesPerToken, tokens.Length);
        var text = Text(transcript);
        return new Speaker
        {
            Id = id,
            Embedding = embedding,
            PromptText = text,
            PromptSpeechTokens = text.Length > 0 ? tokens[..count] : [],
            FlowPromptTokens = tokens[..count],
            PromptMel = mel.RowRange(0, FramesPerToken * count).ToArray(),
        };
    }

    private float[] Embed(float[] samples, Workers workers)
    {
        using var file = new OnnxFile(_folder.SpeakerNetworkPath);
        using var features = KaldiFbank.Compute(samples);
        KaldiFbank.SubtractMean(features);
        return new SpeakerEncoder(file, workers).Embed(features);
    }

    private int[] Tokenize(float[] samples, Workers workers)
    {
        using var tokenizer = OpenTokenizer(workers);
        using var mel = WhisperMel.Compute(samples);
        return tokenizer.Encode(mel);
    }

    private SpeechTokenizer OpenTokenizer(Workers workers)
    {
        using var file = new OnnxFile(_folder.SpeechTokenizerPath);
        return new SpeechTokenizer(file, workers);
    }

    /// <summary>The transcript as it is spoken, in tokens.</summary>
    private int[] Text(string transcript)
    {
        var spoken = string.Concat(new TextFrontend(_tokenizer).Prepare(transcript).Select(segment => segment.Text));
        return spoken.Length == 0 ? []
            : _tokenizer.Encode(_folder.Version == 3 && !spoken.Contains(PromptRules.EndOfPrompt, StringComparison.Ordinal) ? CosyVoice3Prefix + spoken : spoken);
    }
}
