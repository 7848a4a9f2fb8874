using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Service.Books;

/// <summary>What is read from a book.</summary>
/// <param name="Items">May be read once.</param>
internal sealed record Book(string? Title, string? Author, BookCover? Cover, IEnumerable<OrderedItem> Items);

/// <summary>The picture on the front.</summary>
internal sealed record BookCover(byte[] Content)
{
    /// <summary>Whether it begins as a JPEG or PNG file does, which are the ones that sound files hold.</summary>
    public static bool IsPicture(ReadOnlySpan<byte> content) => IsJpeg(content) || content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']);

    public static bool IsJpeg(ReadOnlySpan<byte> content) => content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);
}
