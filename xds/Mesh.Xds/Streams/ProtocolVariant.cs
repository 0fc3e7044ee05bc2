// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.Xds.Streams;

/// <summary>What differs between the variants of the protocol as far as carrying events is concerned.</summary>
/// <typeparam name="TRequest">What the proxy sends.</typeparam>
internal sealed record ProtocolVariant<TRequest>
{
    public required Func<TRequest, EnvoyNode?> NodeOf { get; init; }

    public required Func<TRequest, string> TypeUrlOf { get; init; }

    public required Action<TRequest, string> SetTypeUrl { get; init; }

    public required Func<ProxyIdentity, long, TimeProvider, ISession<TRequest>> NewSession { get; init; }
}

internal static class ProtocolVariants
{
    public static ProtocolVariant<DeltaDiscoveryRequest> Delta { get; } = new()
    {
        NodeOf = static request => request.Node,
        TypeUrlOf = static request => request.TypeUrl,
        SetTypeUrl = static (request, typeUrl) => request.TypeUrl = typeUrl,
        NewSession = static (proxy, streamId, time) => new DeltaSession(proxy, streamId, SessionLimits.Default, time),
    };

    public static ProtocolVariant<DiscoveryRequest> StateOfTheWorld { get; } = new()
    {
        NodeOf = static request => request.Node,
        TypeUrlOf = static request => request.TypeUrl,
        SetTypeUrl = static (request, typeUrl) => request.TypeUrl = typeUrl,
        NewSession = static (proxy, streamId, time) => new SotwSession(proxy, streamId, SessionLimits.Default, time),
    };
}
