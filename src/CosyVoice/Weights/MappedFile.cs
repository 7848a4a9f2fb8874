using System.IO.MemoryMappedFiles;

namespace CosyVoice.Weights;

/// <summary>A whole file mapped read-only.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public MappedFile(string path)
    {
        try
        {
            Length = new FileInfo(path).Length;
            if (Length == 0)
            {
                throw new CheckpointException(path, ["the file is empty"]);
            }

            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            throw new CheckpointException(path, [$"cannot be read: {error.Message}"]);
        }

        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        Pointer = pointer + _view.PointerOffset;
    }

    /// <summary>A file that exists only in memory; a copy of the bytes.</summary>
    public MappedFile(string name, ReadOnlySpan<byte> content)
    {
        Length = content.Length;
        if (Length == 0)
        {
            throw new CheckpointException(name, ["the file is empty"]);
        }

        _file = MemoryMappedFile.CreateNew(null, Length);
        _view = _file.CreateViewAccessor();
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        Pointer = pointer + _view.PointerOffset;
        content.CopyTo(new Span<byte>(Pointer, content.Length));
    }

    public byte* Pointer { get; }

    public long Length { get; }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
