// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Mesh.Testing.RawGrpc;

namespace Mesh.Benchmarks.Streams.Wire;

/// <summary>What a client says that opens one gRPC call on one connection (RFC 9113; headers without any compression state, RFC 7541).</summary>
internal static class Http2
{
    public const int HeadLength = 9;
    public const int LongestFrame = 16384;
    public const int DefaultWindow = 65535;
    public const int StreamId = 1;

    public const byte EndStream = 1;
    public const byte Acknowledged = 1;
    public const byte EndHeaders = 4;

    public const ushort InitialWindowSetting = 4;

    private const ushort TableSizeSetting = 1;
    private const ushort PushSetting = 2;

    public static void WriteOpening(IBufferWriter<byte> output, string path, int streamWindow, int connectionWindow)
    {
        output.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        WriteHead(output, 18, FrameType.Settings, 0, 0);
        WriteSetting(output, TableSizeSetting, 0);
        WriteSetting(output, PushSetting, 0);
        WriteSetting(output, InitialWindowSetting, (uint)streamWindow);
        if (connectionWindow > DefaultWindow)
        {
            WriteWindowUpdate(output, 0, connectionWindow - DefaultWindow);
        }

        var headers = Headers(path);
        WriteHead(output, headers.Length, FrameType.Headers, EndHeaders, StreamId);
        output.Write(headers);
    }

    public static void WriteHead(IBufferWriter<byte> output, int length, FrameType type, byte flags, int stream)
    {
        var head = output.GetSpan(HeadLength);
        (head[0], head[1], head[2]) = ((byte)(length >> 16), (byte)(length >> 8), (byte)length);
        (head[3], head[4]) = ((byte)type, flags);
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        output.Advance(HeadLength);
    }

    public static void WriteWindowUpdate(IBufferWriter<byte> output, int stream, int more)
    {
        WriteHead(output, sizeof(int), FrameType.WindowUpdate, 0, stream);
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), more);
        output.Advance(sizeof(int));
    }

    private static void WriteSetting(IBufferWriter<byte> output, ushort name, uint value)
    {
        var setting = output.GetSpan(6);
        BinaryPrimitives.WriteUInt16BigEndian(setting, name);
        BinaryPrimitives.WriteUInt32BigEndian(setting[2..], value);
        output.Advance(6);
    }

    private static byte[] Headers(string path)
    {
        var block = new ArrayBufferWriter<byte>();
        block.Write<byte>([0x83, 0x86]); // :method POST and :scheme http, of the static table.
        block.Write<byte>([0x04]); // :path, a value of our own.
        WriteText(block, path);
        block.Write<byte>([0x01]); // :authority.
        WriteText(block, "mesh");
        block.Write<byte>([0x0f, 0x10]); // content-type, number 31.
        WriteText(block, "application/grpc");
        block.Write<byte>([0x00]); // A name of our own.
        WriteText(block, "te");
        WriteText(block, "trailers");
        return block.WrittenSpan.ToArray();
    }

    private static void WriteText(IBufferWriter<byte> block, string text)
    {
        // One byte holds lengths below 127; nothing here is longer.
        block.Write<byte>([checked((byte)text.Length)]);
        block.Write(Encoding.ASCII.GetBytes(text));
    }
}
