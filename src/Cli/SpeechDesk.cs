using System.CommandLine;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;
using CosyVoice.Audio;
using CosyVoice.Engine;
using CosyVoice.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Cli;

/// <summary>Speaks one request into a file, with a model that is loaded for it.</summary>
/// <param name="Model">The model folder.</param>
/// <param name="Threads">That compute.</param>
/// <param name="Data">The data folder, where voices are looked up that the model does not have.</param>
internal sealed record SpeechDesk(string Model, int Threads, string Data) : ISpeechDesk
{
    /// <summary>What the model computes on.</summary>
    public string Device { get; init; } = ComputeDevices.Processor;

    /// <summary>What becomes of texts.</summary>
    public TextReading Reading { get; init; }

    public static Option<string?> Reference() => new("--reference", "-r")
    {
        Description = "Instead of --voice: a recording of the voice, 1 to 30 seconds of one person, best 3 to 15, at 16 kHz or more.", HelpName = "FILE",
    };

    public static Option<string?> ReferenceTranscript() => new("--reference-transcript")
    {
        Description = "What is said in the recording, word for word; zero_shot needs it.", HelpName = "TEXT",
    };

    /// <summary>A sound file as a request carries it; null where none is named.</summary>
    /// <exception cref="SpeechException">It cannot be read.</exception>
    public static async Task<string?> ReadAsync(string? path, CancellationToken cancellation)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            var length = new FileInfo(path).Length; // Before it is read.
            return length is > 0 and <= RequestRecording.MaxBytes
                ? Convert.ToBase64String(await File.ReadAllBytesAsync(path, cancellation))
                : throw Unreadable($"{Quoted.Value(path)} has {length} bytes; 1 to {RequestRecording.MaxBytes} are taken.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e.Message);
        }
    }

    public static Option<int?> SampleRate() => new("--rate")
    {
        Description = $"Samples per second of the file: {string.Join(", ", AudioOutput.SampleRates)}. Default: the model's own.", HelpName = "N",
    };

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Func<Task<SpeakRequest>> read, ISpeechDesk desk, string path, int? sampleRate, CancellationToken cancellation)
    {
        try
        {
            using var file = await SpeechFile.OpenAsync(path, sampleRate); // Before the model is loaded.
            await desk.SpeakAsync(await read(), file, path, cancellation);
            return 0;
        }
        catch (SpeechException error)
        {
            await Console.Error.WriteLineAsync($"error {error.Code}: {error.Message} {error.Solution}");
            return 1;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"error FILE_NOT_WRITTEN: {error.Message} Give another file with -o.");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("stopped; nothing was written.");
            return 130;
        }
    }

    public async Task SpeakAsync(SpeakRequest request, SpeechFile file, string path, CancellationToken cancellation)
    {
        using var model = Load();
        var order = SpeakOrder.From(request, model, await FindVoiceAsync(request.SpeakerId, model, cancellation), new SynthesisOptions());
        order = await order.ListenAsync(model, new ReferenceVoices(), cancellation);
        foreach (var warning in order.Details.Warnings)
        {
            await Console.Error.WriteLineAsync($"warning: {warning}");
        }

        await file.WriteAsync(model.SpeakAsync(order.Input, cancellation).Select(Samples), model.SampleRate, cancellation);
        await Console.Error.WriteLineAsync($"{file.Seconds:0.0} s of speech in {path}, voice {order.Details.VoiceId}, seed {order.Details.Seed}");
    }

    private static ReadOnlyMemory<short> Samples(AudioChunk chunk)
    {
        var samples = new short[chunk.Samples.Length];
        Pcm16.FromFloats(chunk.Samples.Span, samples);
        return samples;
    }

    private async ValueTask<VoiceProfile?> FindVoiceAsync(string? id, EngineModel model, CancellationToken cancellation)
    {
        // A data folder that is not there yet holds no voice, and is not made by looking.
        if (id is null || model.VoiceIds.Contains(id) || !VoiceRules.IsId(id) || !Directory.Exists(Data))
        {
            return null;
        }

        using var folder = VoiceFolder.Open(Data, TimeProvider.System, NullLogger<VoiceFolder>.Instance);
        return await folder.FindAsync(id, null, cancellation);
    }

    private EngineModel Load()
    {
        try
        {
            return EngineModel.Load(Model, Threads, maxConcurrent: 1, Reading, Device);
        }
        catch (ModelLoadException error)
        {
            throw LocalModel.Unusable(error);
        }
    }

    private static SpeechException Unreadable(string message) =>
        SpeechException.Invalid([new Violation(SpeechErrorCodes.RecordingInvalid, message, "Give a sound file that can be read.")]);
}
