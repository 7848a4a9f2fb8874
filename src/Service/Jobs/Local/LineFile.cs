namespace CosyOrleans.Service.Jobs.Local;

/// <summary>Reads a file line by line with the offsets of the lines, one buffer in memory.</summary>
internal static class LineFile
{
    /// <summary>Each line with its line feed, and what follows the last one. Valid until the next is taken.</summary>
    public static IEnumerable<(long Offset, ReadOnlyMemory<byte> Line)> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var buffer = new byte[256 * 1024];
        var filled = 0;
        long offset = 0;
        for (var read = 1; read > 0;)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * filled);
            }

            read = file.Read(buffer, filled, buffer.Length - filled);
            filled += read;
            var start = 0;
            while (buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is >= 0 and var length)
            {
                yield return (offset + start, buffer.AsMemory(start, length + 1));
                start += length + 1;
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            (filled, offset) = (filled - start, offset + start);
        }

        if (filled > 0)
        {
            yield return (offset, buffer.AsMemory(0, filled));
        }
    }
}
