// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Pipelines;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Mesh.Xds.Edge;
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

    // What a stream may have under way; the connection's own buffer is as large (Kestrel's MaxResponseBufferSize).
    private const int PieceBytes = 64 << 10;
    private const int HeadBytes = 16;

    public required string TypeUrl { get; init; }

    /// <summary>Delta: the revision, for a reader of dumps. State of the world: the hash of all that the proxy then has of the type.</summary>
    public required string Version { get; init; }

    public required ResponseForm Form { get; init; }

    public required string Nonce { get; init; }

    public required ImmutableArray<EncodedResource> Resources { get; init; }

    public required ImmutableArray<string> Removed { get; init; }

    /// <summary>Names told of by resources that have no body.</summary>
    public ImmutableArray<string> Unresolved { get; init; } = [];

    /// <summary>Bytes of the message.</summary>
    public int Size
    {
        get
        {
            var size = HeadSize;
            foreach (var resource in Resources)
            {
                size += Field(ResourcesField, Bytes(resource).Length);
            }

            return size;
        }
    }

    private int HeadSize =>
        Text(VersionField, Version)
        + Text(TypeUrlField, TypeUrl)
        + Text(NonceField, Nonce)
        + (Removed.IsEmpty ? 0 : Removed.Sum(static name => Text(RemovedField, name)))
        + (Unresolved.IsEmpty ? 0 : Unresolved.Sum(static name => Field(ResourcesField, UnresolvedSize(name))));

    /// <summary>
    /// Writes the message in pieces and waits after each until it is on its way: what a slow reader makes us keep is a piece and not the
    /// message.
    /// </summary>
    public async ValueTask WriteAsync(PipeWriter output, BulkGate gate, CancellationToken ct)
    {
        var size = Size;
        using var turn = size < BulkGate.BulkBytes ? null : await gate.EnterAsync(ct);
        WriteFrameHead(output, size);
        WriteText(output, VersionField, Version);
        var unflushed = 0;
        foreach (var resource in Resources)
        {
            var rest = Bytes(resource);
            WriteHead(output, ResourcesField, rest.Length);
            while (unflushed + rest.Length > PieceBytes)
            {
                var piece = PieceBytes - unflushed;
                output.Write(rest.Span[..piece]);
                rest = rest[piece..];
                unflushed = 0;
                if ((await output.FlushAsync(ct)).IsCompleted)
                {
                    return;
                }

                turn?.Progress();
            }

            output.Write(rest.Span);
            unflushed += rest.Length;
        }

        WriteText(output, TypeUrlField, TypeUrl);
        WriteText(output, NonceField, Nonce);
        foreach (var name in Removed)
        {
            WriteText(output, RemovedField, name);
        }

        foreach (var name in Unresolved)
        {
            WriteHead(output, ResourcesField, UnresolvedSize(name));
            WriteText(output, Resource.NameFieldNumber, name);
            WriteText(output, Resource.AliasesFieldNumber, name);
        }

        await output.FlushAsync(ct);
    }

    // Envoy finds what it waits for among the aliases.
    private static int UnresolvedSize(string name) => Text(Resource.NameFieldNumber, name) + Text(Resource.AliasesFieldNumber, name);

    // Only what has a TTL gets heartbeats.
    private ReadOnlyMemory<byte> Bytes(EncodedResource resource) => Form switch
    {
        ResponseForm.Named => resource.Wire,
        ResponseForm.Heartbeat => resource.Ttl!.Heartbeat,
        ResponseForm.Bare => resource.Bare,
        ResponseForm.Wrapped => resource.Ttl?.Wrapped ?? resource.Bare,
    };

    // gRPC over HTTP/2, "Length-Prefixed-Message": not compressed, then the length.
    private static void WriteFrameHead(PipeWriter output, int size)
    {
        var head = output.GetSpan(GrpcFrame.HeadLength);
        head[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], size);
        output.Advance(GrpcFrame.HeadLength);
    }

    private static int Text(int field, string text) => Field(field, System.Text.Encoding.UTF8.GetByteCount(text));

    private static int Field(int field, int length) =>
        CodedOutputStream.ComputeUInt32Size(Tag(field)) + CodedOutputStream.ComputeLengthSize(length) + length;

    private static uint Tag(int field) => WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited);

    private static void WriteText(PipeWriter output, int field, string text)
    {
        var length = System.Text.Encoding.UTF8.GetByteCount(text);
        WriteHead(output, field, length);
        output.Advance(System.Text.Encoding.UTF8.GetBytes(text, output.GetSpan(length)));
    }

    private static void WriteHead(PipeWriter output, int field, int length)
    {
        var head = output.GetSpan(HeadBytes);
        var written = WriteVarint(head, Tag(field));
        output.Advance(written + WriteVarint(head[written..], (uint)length));
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
