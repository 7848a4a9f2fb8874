namespace CosyOrleans.Service.Jobs.Local;

/// <summary>
/// journal.jsonl of a job: a line is added for whatever happens, and none is ever changed. A line that a crash left
/// unfinished, or that was damaged, is recognised by its checksum; it and what follows are cut off.
/// </summary>
internal sealed class JobJournal : IDisposable
{
    public const string FileName = "journal.jsonl";

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly Action<JournalRecord, long> _apply;
    private List<(JournalRecord Record, TaskCompletionSource Written)> _waiting = [];
    private Task _writing = Task.CompletedTask;
    private bool _busy;
    private long _length;

    /// <param name="apply">Gets every record with its offset, those on the disk at once, later ones as soon as they are safe; in order.</param>
    public JobJournal(string folder, Action<JournalRecord, long> apply)
    {
        _apply = apply;
        var path = Path.Combine(folder, FileName);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            foreach ((var offset, var line) in LineFile.Read(path))
            {
                if (JournalRecord.Parse(line.Span) is not { } record)
                {
                    break;
                }

                apply(record, offset);
                _length = offset + line.Length;
                Count++;
            }

            Lost = _file.Length - _length;
            _file.SetLength(_length);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Records so far.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes at the end that could not be used when it was opened.</summary>
    public long Lost { get; }

    /// <summary>Completes when the record is on the disk and applied. Records added at the same time share one flush.</summary>
    /// <exception cref="IOException">It could not be written, and leaves no trace.</exception>
    public Task AppendAsync(JournalRecord record)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((record, written));
            if (!_busy)
            {
                _busy = true;
                _writing = Task.Run(WriteAll);
            }
        }

        return written.Task;
    }

    public JournalRecord ReadAt(long offset)
    {
        var line = new byte[1024];
        for (var read = 0; ;)
        {
            var more = RandomAccess.Read(_file.SafeFileHandle, line.AsSpan(read), offset + read);
            var end = line.AsSpan(0, read + more).IndexOf((byte)'\n');
            if (end >= 0 && JournalRecord.Parse(line.AsSpan(0, end + 1)) is { } record)
            {
                return record;
            }

            if (end >= 0 || more == 0)
            {
                throw new InvalidDataException($"{FileName} is damaged at byte {offset}");
            }

            read += more;
            Array.Resize(ref line, 2 * line.Length);
        }
    }

    public void Dispose()
    {
        Task writing;
        lock (_gate)
        {
            writing = _writing;
        }

        writing.Wait();
        _file.Dispose();
    }

    private void WriteAll()
    {
        while (true)
        {
            List<(JournalRecord Record, TaskCompletionSource Written)> batch;
            lock (_gate)
            {
                batch = _waiting;
                _waiting = [];
                if (batch.Count == 0)
                {
                    _busy = false;
                    return;
                }
            }

            try
            {
                Write(batch);
            }
            catch (Exception e)
            {
                batch.ForEach(waiting => waiting.Written.TrySetException(e));
            }
        }
    }

    private void Write(List<(JournalRecord Record, TaskCompletionSource Written)> batch)
    {
        byte[][] lines = [.. batch.Select(waiting => waiting.Record.ToLine())];
        try
        {
            // Also cuts off what an earlier write left when it failed half way.
            _file.SetLength(_length);
            _file.Position = _length;
            _file.Write([.. lines.SelectMany(line => line)]);
            _file.Flush(flushToDisk: true);
        }
        catch
        {
            _file.SetLength(_length);
            throw;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            _apply(batch[i].Record, _length);
            _length += lines[i].Length;
            Count++;
            batch[i].Written.TrySetResult();
        }
    }
}
