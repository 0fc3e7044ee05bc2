// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using Google.Protobuf;
using Grpc.Core;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// A response whose resources are bytes already: they are copied to the socket and never encoded for a stream. The two variants have the
/// same field numbers; a <c>DeltaDiscoveryResponse</c> holds each resource with name and version, a <c>DiscoveryResponse</c> the bare one.
/// </summary>
internal sealed record EncodedResponse
{
    // Field numbers of envoy.service.discovery.v3.DeltaDiscoveryResponse and DiscoveryResponse; the latter has no removed names.
    private const int VersionField = 1;
    private const int ResourcesField = 2;
    private const int TypeUrlField = 4;
    private const int NonceField = 5;
    private const int RemovedField = 6;

    public required string TypeUrl { get; init; }

    /// <summary>Delta: the revision, for a reader of dumps. State of the world: the hash of all that the proxy then has of the type.</summary>
    public required string Version { get; init; }

    /// <summary>Whether resources are sent without name and version, as the state of the world has them.</summary>
    public bool IsBare { get; init; }

    public required string Nonce { get; init; }

    public required ImmutableArray<EncodedResource> Resources { get; init; }

    public required ImmutableArray<string> Removed { get; init; }

    public static Marshaller<EncodedResponse> Marshaller { get; } = new(
        static (response, context) => response.Write(context),
        static _ => throw new NotSupportedException("A server only writes responses."));

    public int Size => HeadSize + Resources.Sum(resource => Field(ResourcesField, Bytes(resource).Length));

    private int HeadSize =>
        Text(VersionField, Version)
        + Text(TypeUrlField, TypeUrl)
        + Text(NonceField, Nonce)
        + Removed.Sum(static name => Text(RemovedField, name));

    public void Write(IBufferWriter<byte> output)
    {
        Span<byte> head = stackalloc byte[16];
        WriteText(output, VersionField, Version);
        foreach (var resource in Resources)
        {
            var bytes = Bytes(resource).Span;
            var length = WriteHead(head, ResourcesField, bytes.Length);
            output.Write(head[..length]);
            output.Write(bytes);
        }

        WriteText(output, TypeUrlField, TypeUrl);
        WriteText(output, NonceField, Nonce);
        foreach (var name in Removed)
        {
            WriteText(output, RemovedField, name);
        }
    }

    private ReadOnlyMemory<byte> Bytes(EncodedResource resource) => IsBare ? resource.Bare : resource.Wire;

    private void Write(SerializationContext context)
    {
        context.SetPayloadLength(Size);
        Write(context.GetBufferWriter());
        context.Complete();
    }

    private static int Text(int field, string text) => Field(field, System.Text.Encoding.UTF8.GetByteCount(text));

    private static int Field(int field, int length) =>
        CodedOutputStream.ComputeUInt32Size(Tag(field)) + CodedOutputStream.ComputeLengthSize(length) + length;

    private static uint Tag(int field) => WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited);

    private static void WriteText(IBufferWriter<byte> output, int field, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        Span<byte> head = stackalloc byte[16];
        var length = WriteHead(head, field, bytes.Length);
        output.Write(head[..length]);
        output.Write(bytes);
    }

    private static int WriteHead(Span<byte> head, int field, int length)
    {
        var written = WriteVarint(head, Tag(field));
        return written + WriteVarint(head[written..], (uint)length);
    }

    private static int WriteVarint(Span<byte> target, uint value)
    {
        var count = 0;
        while (value >= 0x80)
        {
            target[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[count++] = (byte)value;
        return count;
    }
}
