// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Mesh.Operator.Kubernetes;

/// <summary>Cuts what has been received into lines.</summary>
internal static class WatchLines
{
    /// <summary>etcd stores objects of up to 1.5 MB; JSON of one is never this long.</summary>
    public const int MaximumLength = 32 * 1024 * 1024;

    /// <summary>Takes the next complete line that is not empty off the front of <paramref name="rest"/>; a line without its end stays there.</summary>
    public static bool TryTake(ref ReadOnlySequence<byte> rest, out ReadOnlySequence<byte> line)
    {
        while (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            if (!IsBlank(line))
            {
                return true;
            }
        }

        if (rest.Length > MaximumLength)
        {
            throw new InvalidDataException($"a watch event of more than {MaximumLength} bytes");
        }

        line = default;
        return false;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line) => line.Length == 0 || (line.Length == 1 && line.FirstSpan[0] == '\r');
}
