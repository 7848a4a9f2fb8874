using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Cli;

/// <summary>Who speaks for a command: this process, or a server.</summary>
internal interface ISpeechDesk
{
    /// <exception cref="Service.Errors.SpeechException">It cannot be spoken.</exception>
    Task SpeakAsync(SpeakRequest request, SpeechFile file, string path, CancellationToken cancellation);
}
