// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Mesh.Fuzz;

/// <summary>
/// An input as bytes: the variant, then steps. A step is a byte that says what happens and two that say how long what follows is. Any bytes
/// are an input: what is too short ends it.
/// </summary>
/// <param name="IsDelta">Which variant the stream speaks.</param>
/// <param name="Steps">What happens, in order.</param>
internal sealed record FuzzInput(bool IsDelta, IReadOnlyList<FuzzStep> Steps)
{
    private const int StepHead = 3;

    public static FuzzInput Read(ReadOnlySpan<byte> bytes)
    {
        var steps = new List<FuzzStep>();
        var isDelta = bytes.IsEmpty || (bytes[0] & 1) == 0;
        for (bytes = bytes.IsEmpty ? bytes : bytes[1..]; bytes.Length >= StepHead;)
        {
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]), bytes.Length - StepHead);
            steps.Add(new FuzzStep((StepKind)(bytes[0] & 1), bytes.Slice(StepHead, length).ToArray()));
            bytes = bytes[(StepHead + length)..];
        }

        return new FuzzInput(isDelta, steps);
    }

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        bytes.WriteByte((byte)(IsDelta ? 0 : 1));
        foreach (var step in Steps)
        {
            Span<byte> head = [(byte)step.Kind, 0, 0];
            var length = Math.Min(step.Content.Length, ushort.MaxValue);
            BinaryPrimitives.WriteUInt16LittleEndian(head[1..], (ushort)length);
            bytes.Write(head);
            bytes.Write(step.Content.AsSpan(0, length));
        }

        return bytes.ToArray();
    }
}

/// <param name="Kind">What happens.</param>
/// <param name="Content">A request's bytes, or those that say what is published.</param>
internal sealed record FuzzStep(StepKind Kind, byte[] Content);

/// <summary>What may happen to a stream.</summary>
internal enum StepKind
{
    /// <summary>The proxy sends a request. A nonce of <c>$N</c> stands for that of the Nth newest response.</summary>
    Request,

    /// <summary>A snapshot is published: each byte changes one resource.</summary>
    Publish,
}
