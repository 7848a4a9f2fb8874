namespace CosyVoice.Text;

/// <summary>
/// Vocabulary files of byte-level encodings write every byte as one printable character (GPT-2's choice): the printable ones
/// of Latin-1 as themselves, the others as the characters from U+0100 on.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = MakeCharacters();
    private static readonly Dictionary<char, byte> Bytes =
        Enumerable.Range(0, 256).ToDictionary(value => Characters[value], value => (byte)value);

    public static char CharacterOf(byte value) => Characters[value];

    /// <summary>The bytes that a token of the vocabulary stands for; null where it holds a character that is no byte.</summary>
    public static byte[]? BytesOf(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (!Bytes.TryGetValue(token[i], out bytes[i]))
            {
                return null;
            }
        }

        return bytes;
    }

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        var next = '\u0100';
        for (var value = 0; value < characters.Length; value++)
        {
            var printable = value is >= '!' and <= '~' or >= '¡' and <= '¬' or >= '®' and <= 'ÿ';
            characters[value] = printable ? (char)value : next++;
        }

        return characters;
    }
}
