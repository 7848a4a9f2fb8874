using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Service.Books;

/// <summary>
/// The files in a book, read with every size bounded by what really comes out of them, not by what the archive says, and XML
/// without anything that XML can expand or fetch. Paths are names in the archive and nothing else.
/// </summary>
internal sealed class EpubArchive
{
    public const int MaxFileBytes = 16 * 1024 * 1024;

    private const int MaxFiles = 20_000;
    private const int MaxDirectoryBytes = 8 * 1024 * 1024;
    private const long MaxTotalBytes = 512L * 1024 * 1024;
    private const int EndBytes = 22;
    private const int MaxCommentBytes = ushort.MaxValue;
    private const string NoBook = "Send a complete EPUB file.";

    private readonly Dictionary<string, ZipArchiveEntry> _files = new(StringComparer.Ordinal);
    private long _total;

    /// <param name="file">Can seek.</param>
    /// <exception cref="JobInputException">It is no archive, or an unreasonable one.</exception>
    public EpubArchive(Stream file)
    {
        CheckDirectory(file);
        try
        {
            var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var entry in archive.Entries)
            {
                if (!_files.TryAdd(entry.FullName, entry))
                {
                    throw new JobInputException($"The book holds {Quoted.Value(entry.FullName)} twice.", NoBook);
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new JobInputException("The book is a damaged ZIP file.", NoBook, e);
        }
    }

    public bool Has(string path) => _files.ContainsKey(path);

    /// <summary>A file as bytes.</summary>
    /// <exception cref="JobInputException">It is not there, damaged or too large.</exception>
    public byte[] Read(string path)
    {
        var entry = _files.GetValueOrDefault(path)
            ?? throw new JobInputException($"The book names {Quoted.Value(path)}, which is not in it.", NoBook);
        try
        {
            using var content = entry.Open();
            var kept = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int count; (count = content.Read(buffer)) > 0;)
            {
                _total += count;
                if (kept.Length + count > MaxFileBytes || _total > MaxTotalBytes)
                {
                    var most = kept.Length + count > MaxFileBytes ? MaxFileBytes : MaxTotalBytes;
                    throw new JobInputException(
                        string.Create(CultureInfo.InvariantCulture, $"The book unpacks to more than {most / (1024 * 1024)} MiB at {Quoted.Value(path)}."),
                        "Send a book whose chapters have up to 16 MiB each and 512 MiB together.");
                }

                kept.Write(buffer, 0, count);
            }

            return kept.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            throw new JobInputException($"{Quoted.Value(path)} in the book cannot be unpacked.", NoBook, e);
        }
    }

    /// <summary>A file as XML, of which <paramref name="read"/> makes something.</summary>
    /// <exception cref="JobInputException">It is no XML.</exception>
    public T ReadXml<T>(string path, Func<XmlReader, T> read)
    {
        try
        {
            using var bytes = new MemoryStream(Read(path));
            using var decoded = new StreamReader(bytes, new UTF8Encoding(false, throwOnInvalidBytes: true));
            using var text = new StringReader(HtmlEntities.Replace(decoded.ReadToEnd()));
            using var reader = XmlReader.Create(text, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, MaxCharactersInDocument = MaxFileBytes, IgnoreComments = true, IgnoreProcessingInstructions = true,
            });
            return read(reader);
        }
        catch (XmlException e)
        {
            throw new JobInputException(
                string.Create(CultureInfo.InvariantCulture, $"{Quoted.Value(path)} in the book is not valid XML at line {e.LineNumber}, column {e.LinePosition}."),
                "Repair the book, for example with the program epubcheck, and send it again.", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new JobInputException($"{Quoted.Value(path)} in the book is not valid UTF-8.", "Save it as UTF-8 and send it again.", e);
        }
    }

    // Reading a directory takes far more memory than it has bytes, and it can have as many as it likes.
    private static void CheckDirectory(Stream file)
    {
        var tail = new byte[(int)Math.Min(file.Length, EndBytes + MaxCommentBytes)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        file.Position = 0;
        var end = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || tail.Length - end < EndBytes)
        {
            throw new JobInputException("The book is no ZIP file.", NoBook);
        }

        var files = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(end + 10));
        var start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16));
        var room = file.Length - tail.Length + end - start;
        if (files > MaxFiles || room is < 0 or > MaxDirectoryBytes)
        {
            throw new JobInputException($"The book holds more than {MaxFiles:N0} files, or its directory is damaged.", NoBook);
        }
    }
}
