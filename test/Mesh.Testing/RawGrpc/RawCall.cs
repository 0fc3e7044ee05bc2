// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Google.Protobuf;
using Grpc.Core;

namespace Mesh.Testing.RawGrpc;

/// <summary>One stream of a <see cref="RawConnection"/>: what is sent on it is up to the test, byte by byte.</summary>
internal sealed class RawCall(RawConnection connection, int id)
{
    private const int LargestFrame = 16 << 10;
    private readonly TaskCompletionSource<Status> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<byte[]> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Id => id;

    internal SendWindow Window { get; } = new(connection.InitialWindow);

    /// <summary>How the server ended the call: its gRPC status, or a reset or lost connection as <see cref="StatusCode.Unknown"/>.</summary>
    public Task<Status> Ended => ended.Task;

    /// <summary>The first bytes of a response.</summary>
    public Task<byte[]> Answered => answered.Task;

    public static byte[] Frame(ReadOnlySpan<byte> message, byte flag = 0)
    {
        var frame = new byte[message.Length + 5];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame.AsSpan(5));
        return frame;
    }

    public Task SendAsync(IMessage message) => SendBytesAsync(Frame(message.ToByteArray()));

    /// <summary>As DATA frames, as fast as the windows allow; returns early when the call has ended.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty && !Ended.IsCompleted)
        {
            var mine = Window.TakeAsync(Math.Min(bytes.Length, LargestFrame), connection.Closing);
            if (await Task.WhenAny(mine, Ended) != mine)
            {
                return;
            }

            var allowed = await mine;
            for (var sent = 0; sent < allowed;)
            {
                var part = await connection.Window.TakeAsync(allowed - sent, connection.Closing);
                await connection.SendAsync(FrameType.Data, 0, id, bytes.Slice(sent, part));
                sent += part;
            }

            bytes = bytes[allowed..];
        }
    }

    public Task HalfCloseAsync() => connection.SendAsync(FrameType.Data, RawConnection.EndStream, id, ReadOnlyMemory<byte>.Empty);

    public Task EmptyDataAsync() => connection.SendAsync(FrameType.Data, 0, id, ReadOnlyMemory<byte>.Empty);

    public Task ResetAsync() => connection.SendAsync(FrameType.ResetStream, 0, id, new byte[] { 0, 0, 0, 8 });

    internal void Receive(byte[] data)
    {
        if (data.Length > 0)
        {
            answered.TrySetResult(data);
        }
    }

    internal void Receive(Dictionary<string, string> headers)
    {
        if (headers.TryGetValue("grpc-status", out var code))
        {
            var words = Uri.UnescapeDataString(headers.GetValueOrDefault("grpc-message", ""));
            End(new Status((StatusCode)int.Parse(code, System.Globalization.CultureInfo.InvariantCulture), words));
        }
        else if (headers.GetValueOrDefault(":status", "200") is not "200" and var http)
        {
            End(new Status(StatusCode.Unknown, "HTTP " + http));
        }
    }

    internal void End(Status status) => ended.TrySetResult(status);
}
