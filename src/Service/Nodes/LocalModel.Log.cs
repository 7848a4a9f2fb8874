using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Nodes;

public sealed partial class LocalModel
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "Model {Model} is ready after {Seconds:F1} s, {Capacity:F2} seconds of sound per second; voices: {Voices}")]
    private partial void LogReady(string model, double seconds, double capacity, string voices);

    [LoggerMessage(2, LogLevel.Debug, "The model cannot be used")]
    private partial void LogFailed(Exception exception);
}
