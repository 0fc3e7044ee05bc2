// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Grpc.Core;

namespace Mesh.Testing.RawGrpc;

/// <summary>
/// HTTP/2 over a bare socket, without upgrade: for what no well-behaved client does. It answers pings and settings and opens its windows as
/// it reads, unless it is told not to read at all.
/// </summary>
internal sealed class RawConnection : IAsyncDisposable
{
    public const byte EndStream = 1;
    public const string DeltaAds = "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";

    private const byte Ack = 1;
    private const byte EndHeaders = 4;
    private const int HeadLength = 9;
    private const int WindowSetting = 4;
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly Socket socket;
    private readonly NetworkStream stream;
    private readonly SemaphoreSlim writing = new(1);
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentDictionary<int, RawCall> calls = [];
    private readonly TaskCompletionSource<int> goneAway = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task reading = Task.CompletedTask;
    private int lastId = -1;
    private int pingsAnswered;
    private int isDisposed;

    private RawConnection(Socket socket)
    {
        this.socket = socket;
        stream = new NetworkStream(socket, ownsSocket: true);
    }

    public CancellationToken Closing => closing.Token;

    public SendWindow Window { get; } = new(65_535);

    /// <summary>What the server's settings say.</summary>
    public int InitialWindow { get; private set; } = 65_535;

    /// <summary>The error code of the server's GOAWAY, or -1 when the connection ended without one.</summary>
    public Task<int> GoneAway => goneAway.Task;

    public int PingsAnswered => Volatile.Read(ref pingsAnswered);

    /// <param name="server">Plain-text HTTP/2.</param>
    /// <param name="reads">Whether it reads anything after the server's settings.</param>
    public static async Task<RawConnection> ConnectAsync(Uri server, bool reads = true)
    {
        var connected = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await connected.ConnectAsync(server.Host, server.Port);
        var connection = new RawConnection(connected);
        await connection.stream.WriteAsync(Preface);

        // No dynamic table, and no push.
        await connection.SendAsync(FrameType.Settings, 0, 0, new byte[] { 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0 });
        connection.reading = connection.ReadAsync(reads);
        await connection.settled.Task.WithTimeout();
        return connection;
    }

    public async Task<RawCall> CallAsync(string path = DeltaAds, string contentType = "application/grpc", params (string, string)[] more)
    {
        var call = new RawCall(this, Interlocked.Add(ref lastId, 2));
        calls[call.Id] = call;
        var block = Hpack.Encode([
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "test"), ("content-type", contentType), ("te", "trailers"), .. more]);
        await SendAsync(FrameType.Headers, EndHeaders, call.Id, block);
        return call;
    }

    public async Task SendAsync(FrameType type, byte flags, int streamId, ReadOnlyMemory<byte> payload)
    {
        var frame = new byte[HeadLength + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = (byte)type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), streamId);
        payload.CopyTo(frame.AsMemory(HeadLength));
        await SendRawAsync(frame);
    }

    /// <summary>Bytes as they are, whole frames or not.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        await writing.WaitAsync(Closing);
        try
        {
            await stream.WriteAsync(bytes, Closing);
        }
        finally
        {
            writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0)
        {
            await closing.CancelAsync();
            await reading;
            await stream.DisposeAsync();
            socket.Dispose();
        }
    }

    private async Task ReadAsync(bool reads)
    {
        var head = new byte[HeadLength];
        try
        {
            while (reads || !settled.Task.IsCompleted)
            {
                await stream.ReadExactlyAsync(head, Closing);
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
                await stream.ReadExactlyAsync(payload, Closing);
                await ReceiveAsync((FrameType)head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            goneAway.TrySetResult(-1);
            settled.TrySetException(new IOException("The connection ended before the server's settings came.", e));
            await closing.CancelAsync();
            foreach (var call in calls.Values)
            {
                call.End(new Status(StatusCode.Unknown, "The connection ended."));
            }
        }
    }

    private async Task ReceiveAsync(FrameType type, byte flags, int id, byte[] payload)
    {
        var call = calls.GetValueOrDefault(id);
        switch (type)
        {
            case FrameType.Data:
                call?.Receive(payload);
                if (payload.Length > 0)
                {
                    await GrantAsync(0, payload.Length);
                    await GrantAsync(id, payload.Length);
                }

                break;
            case FrameType.Headers:
                call?.Receive(Hpack.Decode(payload));
                break;
            case FrameType.ResetStream:
                call?.End(new Status(StatusCode.Unknown, $"Reset {BinaryPrimitives.ReadInt32BigEndian(payload)}"));
                break;
            case FrameType.Settings when (flags & Ack) == 0:
                TakeSettings(payload);
                await SendAsync(FrameType.Settings, Ack, 0, ReadOnlyMemory<byte>.Empty);
                settled.TrySetResult();
                break;
            case FrameType.Ping when (flags & Ack) == 0:
                await SendAsync(FrameType.Ping, Ack, 0, payload);
                break;
            case FrameType.Ping:
                Interlocked.Increment(ref pingsAnswered);
                break;
            case FrameType.GoAway:
                goneAway.TrySetResult(BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(4)));
                break;
            case FrameType.WindowUpdate:
                (id == 0 ? Window : call?.Window)?.Add(BinaryPrimitives.ReadInt32BigEndian(payload));
                break;
        }
    }

    private void TakeSettings(byte[] payload)
    {
        for (var at = 0; at + 6 <= payload.Length; at += 6)
        {
            if (BinaryPrimitives.ReadInt16BigEndian(payload.AsSpan(at)) == WindowSetting)
            {
                InitialWindow = BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(at + 2));
            }
        }
    }

    private Task GrantAsync(int id, int bytes)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, bytes);
        return SendAsync(FrameType.WindowUpdate, 0, id, payload);
    }
}
