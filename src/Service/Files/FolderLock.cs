using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Service.Files;

/// <summary>.lock in a part of the data folder: one process uses it at a time, and the end of a process ends its use.</summary>
internal static class FolderLock
{
    private const string Name = ".lock";

    /// <param name="folder">Of the data folder; made where it is not there.</param>
    /// <exception cref="SpeechException">It cannot be used, or another process uses it.</exception>
    public static FileStream Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var data = Path.GetDirectoryName(folder);
            throw e.GetType() == typeof(IOException) && File.Exists(Path.Combine(folder, Name))
                ? new SpeechException(
                    SpeechErrorKind.Configuration,
                    JobErrorCodes.DataInUse,
                    $"Another process uses the data folder {data}.",
                    "Stop it, ask it instead where the command offers --url, or give another folder with --data.",
                    e)
                : new SpeechException(
                    SpeechErrorKind.Configuration,
                    JobErrorCodes.DataNotWritten,
                    $"The data folder {data} cannot be used: {e.Message.TrimEnd('.')}.",
                    "Give a folder that can be written with --data.",
                    e);
        }
    }
}
