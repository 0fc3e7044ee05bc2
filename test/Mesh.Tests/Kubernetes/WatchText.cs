// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using Mesh.Crds.Kinds;
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Kubernetes;

/// <summary>Text of a watch as it lies in receive buffers.</summary>
internal static class WatchText
{
    public static ReadOnlySequence<byte> Of(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>In pieces, as it may come off the wire.</summary>
    public static ReadOnlySequence<byte> InPieces(string text, int length)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var first = new Segment(bytes.AsMemory(0, Math.Min(length, bytes.Length)), 0);
        var last = first;
        for (var i = length; i < bytes.Length; i += length)
        {
            last = last.Append(bytes.AsMemory(i, Math.Min(length, bytes.Length - i)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    public static IWatchedObjectReader ReaderOf(string kind) => ReflectedKind.Of(
        KindCatalog.FindByKind(kind) ?? throw new ArgumentException($"The catalog has no {kind}.", nameof(kind))).Reader;

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long start) => (Memory, RunningIndex) = (memory, start);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
