// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;

namespace Mesh.Xds.Streams;

/// <summary>Reads the fields of one message of the protobuf wire format in place.</summary>
/// <remarks>https://protobuf.dev/programming-guides/encoding</remarks>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const int LargestShift = 63;

    private ReadOnlySpan<byte> rest = message;

    public readonly bool IsAtEnd => rest.IsEmpty;

    /// <summary>
    /// The number of the next field, which is one of bytes, and what it holds; 0 for a field of another kind and where the message is torn:
    /// nothing more can be read then.
    /// </summary>
    public int ReadField(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (ReadVarint() is not { } tag
            || tag > uint.MaxValue
            || WireFormat.GetTagWireType((uint)tag) != WireFormat.WireType.LengthDelimited
            || ReadVarint() is not { } length
            || length > (ulong)rest.Length)
        {
            return 0;
        }

        value = rest[..(int)length];
        rest = rest[(int)length..];
        return WireFormat.GetTagFieldNumber((uint)tag);
    }

    private ulong? ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift <= LargestShift && !rest.IsEmpty; shift += 7)
        {
            var next = rest[0];
            rest = rest[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        return null;
    }
}
