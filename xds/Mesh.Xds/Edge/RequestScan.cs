// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using Google.Protobuf;
using Mesh.Xds.Streams;

namespace Mesh.Xds.Edge;

/// <summary>
/// What a request holds, counted on the wire. Two bytes there can become a hundred in memory: an empty name, a field of a node's metadata.
/// </summary>
/// <param name="Fields">Names and other top-level fields.</param>
/// <param name="OtherBytes">Bytes of all fields but the names.</param>
internal readonly record struct RequestScan(long Fields, long OtherBytes)
{
    // Fields 3 to 5 hold names, and versions of names, in a delta request; 3 does in one of the other variant, where 4 and 5 are short texts.
    private const int FirstNames = 3;
    private const int LastNames = 5;

    // Envoy cuts its words of refusal at 4 kB; a node's metadata have some kB.
    private const int MostOtherBytes = 1 << 20;

    // Node, type, nonce, error.
    private const int SingleFields = 16;

    private static long MostFields => SessionLimits.Default.Names + SingleFields;

    /// <summary>The limit that the request breaks, or null.</summary>
    public string? Problem => this switch
    {
        { Fields: var count } when count > MostFields => string.Create(
            CultureInfo.InvariantCulture, $"The request holds {count - SingleFields} names or more; at most {SessionLimits.Default.Names} are served."),
        { OtherBytes: > MostOtherBytes } => string.Create(
            CultureInfo.InvariantCulture, $"Besides names the request holds {OtherBytes} bytes (node, error_detail); at most {MostOtherBytes} are served."),
        _ => null,
    };

    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public static RequestScan Of(ReadOnlySequence<byte> bytes)
    {
        var reader = new SequenceReader<byte>(bytes);
        var (fields, other) = (0L, 0L);
        while (!reader.End)
        {
            var start = reader.Consumed;
            var tag = Varint(ref reader);
            Skip(ref reader, (WireFormat.WireType)(tag & 7));
            fields++;
            if ((tag >> 3) is not (>= FirstNames and <= LastNames))
            {
                other += reader.Consumed - start;
            }
        }

        return new RequestScan(fields, other);
    }

    private static void Skip(ref SequenceReader<byte> reader, WireFormat.WireType type)
    {
        var length = type switch
        {
            WireFormat.WireType.Varint => 0UL,
            WireFormat.WireType.Fixed64 => 8UL,
            WireFormat.WireType.Fixed32 => 4UL,
            WireFormat.WireType.LengthDelimited => Varint(ref reader),
            _ => throw Invalid("it holds a group or a wire type that there is not"),
        };
        if (type == WireFormat.WireType.Varint)
        {
            Varint(ref reader);
        }

        if (length > (ulong)reader.Remaining)
        {
            throw Invalid("a field is longer than the message");
        }

        reader.Advance((long)length);
    }

    private static ulong Varint(ref SequenceReader<byte> reader)
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (!reader.TryRead(out var next))
            {
                throw Invalid("it ends in a number");
            }

            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Invalid("a number has more than ten bytes");
    }

    private static InvalidDataException Invalid(string why) => new(why);
}
