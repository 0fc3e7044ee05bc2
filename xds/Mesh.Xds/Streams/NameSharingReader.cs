// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.Xds.Streams;

/// <summary>
/// Reads requests with the names that streams have in common as shared strings: a state-of-the-world answer repeats every name, and a
/// thousand proxies ask for the same. What is torn or holds anything unusual is left to the library's parser.
/// </summary>
internal static class NameSharingReader
{
    private const int LargestPooled = 1 << 20;

    public static DeltaDiscoveryRequest ReadDelta(ReadOnlySequence<byte> payload) => Read(payload, TryReadDelta, DeltaDiscoveryRequest.Parser);

    public static DiscoveryRequest ReadStateOfTheWorld(ReadOnlySequence<byte> payload) => Read(payload, TryReadWorld, DiscoveryRequest.Parser);

    private delegate bool TryRead<T>(ReadOnlySpan<byte> message, [NotNullWhen(true)] out T? request);

    private static T Read<T>(ReadOnlySequence<byte> payload, TryRead<T> read, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        if (payload.IsSingleSegment)
        {
            return read(payload.FirstSpan, out var request) ? request : Parse(parser, payload);
        }

        // A message is bounded by the service's limit. A large one is rare, and the pool would keep its array.
        var length = (int)payload.Length;
        var joined = length > LargestPooled ? new byte[length] : ArrayPool<byte>.Shared.Rent(length);
        try
        {
            payload.CopyTo(joined);
            return read(joined.AsSpan(0, length), out var request) ? request : Parse(parser, payload);
        }
        finally
        {
            if (length <= LargestPooled)
            {
                ArrayPool<byte>.Shared.Return(joined);
            }
        }
    }

    private static T Parse<T>(MessageParser<T> parser, ReadOnlySequence<byte> payload)
        where T : class, IMessage<T> => parser.WithDiscardUnknownFields(discardUnknownFields: true).ParseFrom(payload);

    private static bool TryReadDelta(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DeltaDiscoveryRequest? request)
    {
        request = null;
        var read = new DeltaDiscoveryRequest();
        var reader = new WireReader(message);
        while (!reader.IsAtEnd)
        {
            switch (reader.ReadField(out var value))
            {
                case DeltaDiscoveryRequest.NodeFieldNumber when read.Node is null:
                    read.Node = EnvoyNode.Parser.ParseFrom(value);
                    break;
                case DeltaDiscoveryRequest.TypeUrlFieldNumber:
                    read.TypeUrl = Text(value);
                    break;
                case DeltaDiscoveryRequest.ResourceNamesSubscribeFieldNumber:
                    read.ResourceNamesSubscribe.Add(Text(value));
                    break;
                case DeltaDiscoveryRequest.ResourceNamesUnsubscribeFieldNumber:
                    read.ResourceNamesUnsubscribe.Add(Text(value));
                    break;
                case DeltaDiscoveryRequest.InitialResourceVersionsFieldNumber when TryReadPair(value, out var name, out var version):
                    read.InitialResourceVersions[name] = version;
                    break;
                case DeltaDiscoveryRequest.ResponseNonceFieldNumber:
                    read.ResponseNonce = Encoding.UTF8.GetString(value);
                    break;
                case DeltaDiscoveryRequest.ErrorDetailFieldNumber when read.ErrorDetail is null:
                    read.ErrorDetail = Google.Rpc.Status.Parser.ParseFrom(value);
                    break;
                default:
                    return false;
            }
        }

        request = read;
        return true;
    }

    private static bool TryReadWorld(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DiscoveryRequest? request)
    {
        request = null;
        var read = new DiscoveryRequest();
        var reader = new WireReader(message);
        while (!reader.IsAtEnd)
        {
            switch (reader.ReadField(out var value))
            {
                case DiscoveryRequest.VersionInfoFieldNumber:
                    read.VersionInfo = Encoding.UTF8.GetString(value);
                    break;
                case DiscoveryRequest.NodeFieldNumber when read.Node is null:
                    read.Node = EnvoyNode.Parser.ParseFrom(value);
                    break;
                case DiscoveryRequest.ResourceNamesFieldNumber:
                    read.ResourceNames.Add(Text(value));
                    break;
                case DiscoveryRequest.TypeUrlFieldNumber:
                    read.TypeUrl = Text(value);
                    break;
                case DiscoveryRequest.ResponseNonceFieldNumber:
                    read.ResponseNonce = Encoding.UTF8.GetString(value);
                    break;
                case DiscoveryRequest.ErrorDetailFieldNumber when read.ErrorDetail is null:
                    read.ErrorDetail = Google.Rpc.Status.Parser.ParseFrom(value);
                    break;
                default:
                    return false;
            }
        }

        request = read;
        return true;
    }

    // An entry of a map: key and value, each of which may be missing.
    private static bool TryReadPair(ReadOnlySpan<byte> entry, out string key, out string value)
    {
        (key, value) = ("", "");
        var reader = new WireReader(entry);
        while (!reader.IsAtEnd)
        {
            switch (reader.ReadField(out var part))
            {
                case 1:
                    key = Text(part);
                    break;
                case 2:
                    value = Text(part);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static string Text(ReadOnlySpan<byte> value) => NamePool.Get(value);
}
