using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CosyOrleans.Frontend.Tests.Hostile.Fuzz;

/// <summary>One request over a connection of its own, and what became of it.</summary>
internal static class RawExchange
{
    // Who has nothing more to say closes their side after so long without an answer: a body may be shorter than it said.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The status; 0 when the server closed without a word.</summary>
    /// <param name="messages">Of a WebSocket, in frames, sent when the server has agreed.</param>
    /// <exception cref="TimeoutException">The server neither ends its answer nor the connection.</exception>
    public static async Task<int> SendAsync(int port, byte[] request, byte[] messages)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var sending = SendAllAsync(socket, request);
        var answer = new Answer(socket);
        try
        {
            var head = await answer.HeadAsync();
            await sending;
            if (Status(head) == 101)
            {
                await SendAllAsync(socket, messages);
            }

            await answer.RestAsync();
            return Status(head);
        }
        catch (SocketException)
        {
            return answer.Status; // Closed while something was on its way.
        }
    }

    /// <summary>A text message as clients send it.</summary>
    public static byte[] Frame(byte[] message, byte first = 0x81)
    {
        using var frame = new MemoryStream();
        frame.WriteByte(first);
        if (message.Length < 126)
        {
            frame.WriteByte((byte)(0x80 | message.Length));
        }
        else
        {
            var length = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(length, message.Length);
            frame.WriteByte(0x80 | 127);
            frame.Write(length);
        }

        frame.Write([0, 0, 0, 0]); // A mask that changes nothing.
        frame.Write(message);
        return frame.ToArray();
    }

    private static int Status(string head) =>
        head.Length > 12 && int.TryParse(head.AsSpan(9, 3), CultureInfo.InvariantCulture, out var status) ? status : 0;

    private static async Task SendAllAsync(Socket socket, byte[] bytes)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent)).AsTask().WaitAsync(Patience);
            }
        }
        catch (SocketException)
        {
            // It has heard enough.
        }
    }

    private sealed class Answer(Socket socket)
    {
        private readonly byte[] _buffer = new byte[64 * 1024];
        private readonly StringBuilder _head = new();
        private bool _closed;

        public int Status => Status(_head.ToString());

        public async Task<string> HeadAsync()
        {
            while (!_head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await ReadAsync() is > 0 and var count)
            {
                _head.Append(Encoding.Latin1.GetString(_buffer, 0, count));
            }

            return _head.ToString();
        }

        public async Task RestAsync()
        {
            while (await ReadAsync() > 0)
            {
            }
        }

        private async Task<int> ReadAsync()
        {
            var reading = socket.ReceiveAsync(_buffer);
            try
            {
                return await reading.WaitAsync(_closed ? Patience : Quiet);
            }
            catch (TimeoutException) when (!_closed)
            {
                _closed = true;
                socket.Shutdown(SocketShutdown.Send);
                return await reading.WaitAsync(Patience);
            }
        }
    }
}
