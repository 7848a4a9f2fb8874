using System.Runtime.InteropServices;

namespace CosyVoice.Tests.Kernels;

/// <summary>
/// Floats with an inaccessible page directly behind the last one (or in front of the first), so that a kernel
/// which reads or writes past its end kills the test run instead of passing by luck.
/// </summary>
internal sealed unsafe partial class GuardedFloats : IDisposable
{
    private const int ReadWrite = 3; // PROT_READ | PROT_WRITE
    private const int PrivateAnonymous = 0x22; // MAP_PRIVATE | MAP_ANONYMOUS on Linux
    private readonly nint _mapping;
    private readonly nuint _size;

    public GuardedFloats(int count, bool guardInFront = false)
    {
        var page = (nuint)Environment.SystemPageSize;
        Count = count;
        if (!OperatingSystem.IsLinux())
        {
            Pointer = (float*)NativeMemory.Alloc((nuint)Math.Max(1, count), sizeof(float));
            return;
        }

        var used = ((((nuint)count * sizeof(float)) + page - 1) / page * page) + page;
        _size = used + page;
        _mapping = Map(0, _size, ReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, _mapping);
        var guard = guardInFront ? _mapping : _mapping + (nint)used;
        Assert.Equal(0, Protect(guard, page, 0));
        Pointer = guardInFront ? (float*)(guard + (nint)page) : (float*)guard - count;
    }

    public GuardedFloats(ReadOnlySpan<float> values, bool guardInFront = false)
        : this(values.Length, guardInFront) => values.CopyTo(Span);

    public int Count { get; }

    public float* Pointer { get; }

    public Span<float> Span => new(Pointer, Count);

    public void Dispose()
    {
        if (_mapping != 0)
        {
            _ = Unmap(_mapping, _size);
        }
        else
        {
            NativeMemory.Free(Pointer);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
