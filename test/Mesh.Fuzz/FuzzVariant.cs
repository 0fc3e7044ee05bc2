// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Mesh.Model;
using Mesh.Xds.Streams;

namespace Mesh.Fuzz;

/// <summary>What differs between the variants of the protocol for a client.</summary>
internal sealed record FuzzVariant<TRequest>
    where TRequest : class, IMessage<TRequest>
{
    public required Func<ReadOnlySequence<byte>, TRequest> Read { get; init; }

    public required Func<ISession<TRequest>> NewSession { get; init; }

    public required Func<TRequest, string> NonceOf { get; init; }

    public required Action<TRequest, string> SetNonce { get; init; }

    public required Func<TRequest, bool> IsRefusal { get; init; }

    /// <summary>An acceptance of a response, given what was asked for last.</summary>
    public required Func<EncodedResponse, TRequest?, TRequest> Accept { get; init; }

    public required Func<TRequest, string> TypeUrlOf { get; init; }

    public required Func<ReadOnlyMemory<byte>, (string TypeUrl, string Nonce, int Resources)> ReadResponse { get; init; }
}

internal static class FuzzVariants
{
    private static readonly ProxyIdentity Proxy = new(new MeshNode(new NodeName("n"), CaptureMode.Loopback), "1.40.0");

    // Small, so that responses are cut and pushes held back.
    private static readonly SessionLimits Limits = new() { ResponseBytes = 60, Names = 200, NameLength = 40, Unanswered = 12 };

    public static FuzzVariant<DeltaDiscoveryRequest> Delta { get; } = new()
    {
        Read = NameSharingReader.ReadDelta,
        NewSession = static () => new DeltaSession(Proxy, 1, Limits, TimeProvider.System),
        NonceOf = static request => request.ResponseNonce,
        SetNonce = static (request, nonce) => request.ResponseNonce = nonce,
        IsRefusal = static request => request.ErrorDetail is not null,
        Accept = static (response, _) => new DeltaDiscoveryRequest { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce },
        TypeUrlOf = static request => request.TypeUrl,
        ReadResponse = static bytes =>
        {
            var response = DeltaDiscoveryResponse.Parser.ParseFrom(bytes.Span);
            return (response.TypeUrl, response.Nonce, response.Resources.Count);
        },
    };

    public static FuzzVariant<DiscoveryRequest> StateOfTheWorld { get; } = new()
    {
        Read = NameSharingReader.ReadStateOfTheWorld,
        NewSession = static () => new SotwSession(Proxy, 1, Limits, TimeProvider.System),
        NonceOf = static request => request.ResponseNonce,
        SetNonce = static (request, nonce) => request.ResponseNonce = nonce,
        IsRefusal = static request => request.ErrorDetail is not null,
        Accept = static (response, last) => new DiscoveryRequest
        {
            TypeUrl = response.TypeUrl,
            ResponseNonce = response.Nonce,
            VersionInfo = response.Version,
            ResourceNames = { last?.ResourceNames ?? [] },
        },
        TypeUrlOf = static request => request.TypeUrl,
        ReadResponse = static bytes =>
        {
            var response = DiscoveryResponse.Parser.ParseFrom(bytes.Span);
            return (response.TypeUrl, response.Nonce, response.Resources.Count);
        },
    };
}
