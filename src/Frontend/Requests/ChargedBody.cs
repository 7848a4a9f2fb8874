namespace CosyOrleans.Frontend.Requests;

/// <summary>A body whose bytes count against a <see cref="BodyBudget"/> from when they are read until it is disposed.</summary>
internal sealed class ChargedBody(Stream body, BodyBudget budget) : Stream
{
    private long _read;
    private long _charged;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Charge(await body.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Charge(body.Read(buffer, offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Of the request: the server itself disposes of the body below.</summary>
    protected override void Dispose(bool disposing)
    {
        budget.Return(Interlocked.Exchange(ref _charged, 0));
        base.Dispose(disposing);
    }

    private int Charge(int count)
    {
        _read += count;
        var due = (int)Math.Min(count, _read - BodyBudget.FreeBytes);
        if (due > 0)
        {
            budget.Take(due);
            _charged += due;
        }

        return count;
    }
}
