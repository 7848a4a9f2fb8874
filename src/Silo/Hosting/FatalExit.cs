
namespace CosyOrleans.Silo.Hosting;

/// <summary>
/// A silo that finds itself declared dead, or cannot go on for another reason, ends at once with an exit code of its own:
/// its supervisor starts it again, as a new member.
/// </summary>
internal sealed partial class FatalExit(ILogger<FatalExit> logger) : IFatalErrorHandler
{
    /// <summary>Neither 0, nor 1 for wrong settings, which a new start does not mend.</summary>
    public const int ExitCode = 3;

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender, string? context = null, Exception? exception = null)
    {
        LogFatal(exception, context ?? "no reason was given");
        Console.Out.Flush();
        Environment.Exit(ExitCode);
    }

    [LoggerMessage(1, LogLevel.Critical, "The silo cannot go on and exits, to be started again: {Context}")]
    private partial void LogFatal(Exception? exception, string context);
}
