// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Mesh.Testing.RawGrpc;

namespace Mesh.Benchmarks.Streams.Wire;

/// <summary>
/// One gRPC stream on a connection of its own, on a bare socket: ten thousand of them fit a client process, what they do not read they do
/// not read, and every byte is counted. Only the loop of <see cref="RunAsync"/> touches the socket; there is no lock.
/// </summary>
internal sealed class WireStream : IFrameSink, IDisposable
{
    private const int ReadSize = 64 << 10;

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly WireOptions options;
    private readonly FrameReader frames;
    private readonly MessageReader messages;
    private readonly ArrayBufferWriter<byte> output = new(256);
    private readonly Queue<ReadOnlyMemory<byte>> unsent = new(4);
    private string? end;
    private long unsentBytes;
    private int received;
    private int peerStreamWindow = Http2.DefaultWindow;
    private int peerConnectionWindow = Http2.DefaultWindow;
    private int peerInitialWindow = Http2.DefaultWindow;

    public WireStream(WireOptions options, IMessageSink sink)
    {
        this.options = options;
        frames = new FrameReader(this);
        messages = new MessageReader(sink);
    }

    /// <summary>Everything that came, HTTP/2's own frames included.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>What is queued and not yet given to the socket.</summary>
    public long UnsentBytes => Interlocked.Read(ref unsentBytes);

    /// <summary>Queues one message: before the stream runs, or from within its sink.</summary>
    public void Send(params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        var prefix = new byte[5];
        var length = 0;
        unsent.Enqueue(prefix);
        foreach (var part in parts)
        {
            unsent.Enqueue(part);
            length += part.Length;
        }

        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), length);
        Interlocked.Add(ref unsentBytes, length + prefix.Length);
    }

    public async Task ConnectAsync(CancellationToken ct) => await socket.ConnectAsync(options.Address, ct);

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="IOException">The server has ended the stream.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        Http2.WriteOpening(output, options.Path, options.StreamWindow, options.ConnectionWindow);
        await FlushAsync(ct);
        if (options.Reading == Reading.Nothing)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }

        while (end is null)
        {
            await ReadAsync(ct);
            await FlushAsync(ct);
        }

        throw new IOException($"{options.Path}: {end}.");
    }

    public void Dispose() => socket.Dispose();

    public void Data(ReadOnlySpan<byte> piece)
    {
        received += piece.Length;
        messages.Read(piece);
    }

    public void Control(FrameType type, byte flags, bool isOfStream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case FrameType.Settings when (flags & Http2.Acknowledged) == 0:
                Settings(payload);
                Http2.WriteHead(output, 0, FrameType.Settings, Http2.Acknowledged, 0);
                break;
            case FrameType.Ping when (flags & Http2.Acknowledged) == 0:
                Http2.WriteHead(output, payload.Length, FrameType.Ping, Http2.Acknowledged, 0);
                output.Write(payload);
                break;
            case FrameType.WindowUpdate when isOfStream:
                peerStreamWindow += BinaryPrimitives.ReadInt32BigEndian(payload);
                break;
            case FrameType.WindowUpdate:
                peerConnectionWindow += BinaryPrimitives.ReadInt32BigEndian(payload);
                break;
            case FrameType.ResetStream or FrameType.GoAway:
                Ended($"the server sent {type} {BinaryPrimitives.ReadInt32BigEndian(payload[^4..])}");
                break;
        }
    }

    public void Ended(string why) => end ??= why;

    private void Settings(ReadOnlySpan<byte> payload)
    {
        for (; payload.Length >= 6; payload = payload[6..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(payload) == Http2.InitialWindowSetting)
            {
                var window = BinaryPrimitives.ReadInt32BigEndian(payload[2..]);
                peerStreamWindow += window - peerInitialWindow;
                peerInitialWindow = window;
            }
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        // Waits without a buffer: an idle stream holds none.
        await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, ct);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            var count = await socket.ReceiveAsync(buffer, SocketFlags.None, ct);
            BytesReceived += count;
            if (count == 0)
            {
                Ended("the server closed the connection");
            }

            frames.Read(buffer.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (options.Reading == Reading.All && received > options.StreamWindow / 2)
        {
            Http2.WriteWindowUpdate(output, Http2.StreamId, received);
            Http2.WriteWindowUpdate(output, 0, received);
            received = 0;
        }
    }

    private async Task FlushAsync(CancellationToken ct)
    {
        while (true)
        {
            var room = Math.Min(Math.Min(peerStreamWindow, peerConnectionWindow), Http2.LongestFrame);
            if (room > 0 && UnsentBytes > 0)
            {
                WriteData((int)Math.Min(room, UnsentBytes));
            }

            if (output.WrittenCount == 0)
            {
                return;
            }

            for (var rest = output.WrittenMemory; rest.Length > 0;)
            {
                rest = rest[await socket.SendAsync(rest, SocketFlags.None, ct)..];
            }

            output.ResetWrittenCount();
        }
    }

    // Messages may begin and end anywhere in a frame.
    private void WriteData(int count)
    {
        peerStreamWindow -= count;
        peerConnectionWindow -= count;
        Interlocked.Add(ref unsentBytes, -count);
        Http2.WriteHead(output, count, FrameType.Data, 0, Http2.StreamId);
        while (count > 0)
        {
            var part = unsent.Dequeue();
            var taken = Math.Min(part.Length, count);
            output.Write(part.Span[..taken]);
            count -= taken;
            if (taken < part.Length)
            {
                PutBack(part[taken..]);
            }
        }
    }

    private void PutBack(ReadOnlyMemory<byte> rest)
    {
        var behind = unsent.ToArray();
        unsent.Clear();
        unsent.Enqueue(rest);
        foreach (var part in behind)
        {
            unsent.Enqueue(part);
        }
    }
}
