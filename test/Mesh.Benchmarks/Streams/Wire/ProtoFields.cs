// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Benchmarks.Streams.Wire;

/// <summary>Walks the length-delimited fields of one message in place.</summary>
internal ref struct ProtoFields(ReadOnlySpan<byte> message)
{
    private const int LengthDelimited = 2;

    private ReadOnlySpan<byte> rest = message;

    public int Number { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public bool MoveNext()
    {
        while (rest.Length > 0)
        {
            var tag = ReadVarint();
            Number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case LengthDelimited:
                    var length = (int)ReadVarint();
                    Value = rest[..length];
                    rest = rest[length..];
                    return true;
                case 0:
                    ReadVarint();
                    break;
                case 1:
                    rest = rest[sizeof(long)..];
                    break;
                case 5:
                    rest = rest[sizeof(int)..];
                    break;
                default:
                    throw new InvalidDataException($"Field {Number} has a wire type that proto3 does not know.");
            }
        }

        return false;
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = rest[0];
            rest = rest[1..];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }
    }
}
