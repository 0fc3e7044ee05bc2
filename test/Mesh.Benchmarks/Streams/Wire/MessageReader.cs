// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;

namespace Mesh.Benchmarks.Streams.Wire;

/// <summary>Puts gRPC messages together. A message that comes in one piece, as most do, is not copied.</summary>
internal sealed class MessageReader(IMessageSink sink)
{
    private const int PrefixLength = 5;

    private readonly byte[] prefix = new byte[PrefixLength];
    private int prefixLength;
    private int length;
    private byte[]? buffer;
    private int buffered;

    public void Read(ReadOnlySpan<byte> input)
    {
        while (input.Length > 0)
        {
            if (prefixLength < PrefixLength)
            {
                input = ReadPrefix(input);
                if (prefixLength < PrefixLength)
                {
                    return;
                }
            }

            input = ReadBody(input);
        }
    }

    private ReadOnlySpan<byte> ReadPrefix(ReadOnlySpan<byte> input)
    {
        var taken = Math.Min(PrefixLength - prefixLength, input.Length);
        input[..taken].CopyTo(prefix.AsSpan(prefixLength));
        prefixLength += taken;
        length = prefixLength == PrefixLength ? BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1)) : 0;
        return input[taken..];
    }

    private ReadOnlySpan<byte> ReadBody(ReadOnlySpan<byte> input)
    {
        if (buffer is null && input.Length >= length)
        {
            prefixLength = 0;
            sink.Message(input[..length]);
            return input[length..];
        }

        buffer ??= ArrayPool<byte>.Shared.Rent(length);
        var taken = Math.Min(length - buffered, input.Length);
        input[..taken].CopyTo(buffer.AsSpan(buffered));
        buffered += taken;
        if (buffered == length)
        {
            sink.Message(buffer.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(buffer);
            (buffer, buffered, prefixLength) = (null, 0, 0);
        }

        return input[taken..];
    }
}

/// <summary>Takes messages; they are valid during the call only.</summary>
internal interface IMessageSink
{
    void Message(ReadOnlySpan<byte> message);
}
