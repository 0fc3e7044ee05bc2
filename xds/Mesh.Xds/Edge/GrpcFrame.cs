// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;

namespace Mesh.Xds.Edge;

/// <summary>The head of a gRPC message: a flag and the length of what follows.</summary>
internal static class GrpcFrame
{
    public const int HeadLength = 5;

    /// <summary>The length of the message at the start of a buffer with its head; null when the head is not complete.</summary>
    public static long? Length(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < HeadLength)
        {
            return null;
        }

        Span<byte> head = stackalloc byte[HeadLength];
        buffer.Slice(0, HeadLength).CopyTo(head);
        return BinaryPrimitives.ReadUInt32BigEndian(head[1..]) + (long)HeadLength;
    }
}
