using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Formats;

/// <summary>
/// A program of its own for one sound: samples go in at its standard input, and what it makes of them comes out at its
/// standard output meanwhile. It lives no longer than whoever reads.
/// </summary>
/// <param name="file">The program.</param>
/// <param name="stall">How long it may do nothing.</param>
internal sealed class FfmpegEncoding(string file, IEnumerable<string> arguments, TimeSpan stall, TimeProvider time) : ISoundEncoding
{
    private const int PieceBytes = 32 * 1024;
    private const int MostMessageBytes = 2048;
    private const int MostMessageCharacters = 300;

    public ReadOnlyMemory<byte> Beginning => ReadOnlyMemory<byte>.Empty;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> EncodeAsync(
        IAsyncEnumerable<ReadOnlyMemory<short>> samples, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var patience = new ProgramPatience(stall, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Ended);
        using var process = FfmpegProgram.Start(file, arguments);
        var message = ReadMessageAsync(process.StandardError.BaseStream, stop.Token);
        var feeding = FeedAsync(process, samples, patience, stop.Token);
        try
        {
            var buffer = new byte[PieceBytes];
            for (var count = 1; count > 0;)
            {
                patience.Taking = true;
                count = await PatientlyAsync(process.StandardOutput.BaseStream.ReadAsync(buffer, stop.Token), patience, cancellationToken);
                patience.Taking = false;
                if (count > 0)
                {
                    yield return buffer[..count];
                }
            }

            // Why there is no more: the end, or a fault of whoever speaks, or one of the program.
            patience.Taking = true;
            var all = await PatientlyAsync(new ValueTask<bool>(feeding), patience, cancellationToken);
            await PatientlyAsync(new ValueTask<bool>(ExitAsync(process, stop.Token)), patience, cancellationToken);
            if (process.ExitCode != 0 || !all)
            {
                throw FormatErrors.Failed($"ffmpeg ended with {process.ExitCode.ToString(CultureInfo.InvariantCulture)}, saying: {await message}");
            }
        }
        finally
        {
            FfmpegProgram.Kill(process);
            await stop.CancelAsync();
            await Task.WhenAll(feeding, message).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>False when the program stopped listening before the end.</summary>
    private static async Task<bool> FeedAsync(
        Process process, IAsyncEnumerable<ReadOnlyMemory<short>> samples, ProgramPatience patience, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = process.StandardInput.BaseStream;
            await foreach (var piece in samples.WithCancellation(cancellationToken))
            {
                patience.Giving = true;
                await input.WriteAsync(PlainEncoding.LittleEndian(piece.Span), cancellationToken);
                patience.Giving = false;
            }

            patience.Giving = true;
            return true;
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return false; // Why, its exit status and message say.
        }
        catch
        {
            // Whoever reads must not take what there is for the whole.
            FfmpegProgram.Kill(process);
            throw;
        }
    }

    private static async Task<bool> ExitAsync(Process process, CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return true;
    }

    private async ValueTask<T> PatientlyAsync<T>(ValueTask<T> waiting, ProgramPatience patience, CancellationToken cancellationToken)
    {
        try
        {
            return await waiting;
        }
        catch (OperationCanceledException e) when (patience.Ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var seconds = stall.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            throw FormatErrors.Failed($"ffmpeg did nothing for {seconds} seconds", e);
        }
    }

    /// <summary>The beginning of what the program complains about; the rest is read and dropped, so that it never waits.</summary>
    private static async Task<string> ReadMessageAsync(Stream errors, CancellationToken cancellationToken)
    {
        var kept = new byte[MostMessageBytes];
        var dropped = new byte[MostMessageBytes];
        var length = 0;
        try
        {
            for (var count = 1; count > 0;)
            {
                var free = kept.AsMemory(length);
                count = await errors.ReadAsync(free.IsEmpty ? dropped : free, cancellationToken);
                length += free.IsEmpty ? 0 : count;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Nothing more will come, or nobody wants to know.
        }

        var text = string.Join(' ', Encoding.UTF8.GetString(kept, 0, length).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length == 0 ? "nothing" : Quoted.Plain(text[..Math.Min(text.Length, MostMessageCharacters)].TrimEnd('.'));
    }
}
