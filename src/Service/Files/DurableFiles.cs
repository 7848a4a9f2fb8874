using System.Runtime.InteropServices;
using System.Text;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Files;

/// <summary>Files that survive a crash once a call has returned.</summary>
internal static class DurableFiles
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    /// <summary>Gives a flushed file its final name. One that is there already stays, and must be the same.</summary>
    /// <exception cref="IOException">There is another file of this name.</exception>
    public static void Rename(string from, string to)
    {
        if (File.Exists(to))
        {
            if (!SameContent(from, to))
            {
                throw new IOException("another file of this name is there already");
            }

            return;
        }

        File.Move(from, to);
        FlushFolder(Path.GetDirectoryName(to)!);
    }

    public static void WriteAll(string path, ReadOnlySpan<byte> content)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Makes names in a folder durable, where the platform has a call for it.</summary>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(Encoding.UTF8.GetBytes(path + '\0'), 0);
        if (handle >= 0)
        {
            _ = Sync(handle);
            _ = Close(handle);
        }
    }

    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left for the sweep; what failed before matters more.
        }
    }

    public static void TryDeleteFolder(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }

    /// <summary>The same for a folder in which somebody may still make files: from one moment on they cannot.</summary>
    public static void TryRemoveFolder(string path)
    {
        var leaving = $"{path}.{Guid.NewGuid():N}";
        try
        {
            Directory.Move(path, leaving);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or cannot be removed.
            return;
        }

        TryDeleteFolder(leaving);
    }

    /// <param name="what">The beginning of a sentence, such as "The sound of 'a.wav'".</param>
    public static SpeechException NotWritten(string code, string what, Exception e)
    {
        (var reason, var solution) = e switch
        {
            UnauthorizedAccessException => ("writing is not permitted", "Allow the server to write to its data folder"),
            { HResult: NoSpace or QuotaExceeded or NoSpaceOnWindows } => ("the disk is full", "Make room on the disk of the data folder"),
            _ => (Reason(e.Message), "Look at the disk of the data folder"),
        };
        return new SpeechException(SpeechErrorKind.Internal, code, $"{what} could not be stored: {reason}.", $"{solution}, then try again.", e);
    }

    // "No such device : '/the/path'": the path is not for everybody.
    private static string Reason(string message)
    {
        var path = message.IndexOf('\'', StringComparison.Ordinal);
        return (path < 0 ? message : message[..path]).TrimEnd(' ', ':', '.');
    }

    public static bool SameContent(string left, string right)
    {
        using var a = File.OpenRead(left);
        using var b = File.OpenRead(right);
        if (a.Length != b.Length)
        {
            return false;
        }

        var x = new byte[64 * 1024];
        var y = new byte[x.Length];
        for (int read; (read = a.ReadAtLeast(x, x.Length, throwOnEndOfStream: false)) > 0;)
        {
            b.ReadExactly(y, 0, read);
            if (!x.AsSpan(0, read).SequenceEqual(y.AsSpan(0, read)))
            {
                return false;
            }
        }

        return true;
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int handle);
}
