// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Mesh.Xds;

namespace Mesh.Fuzz;

/// <summary>Inputs to begin with: what proxies really do.</summary>
internal static class Corpus
{
    public static IReadOnlyList<FuzzInput> Seeds { get; } =
    [
        new(true, [Published(0x22, 0x23, 0x2a, 0x2b), Delta(ResourceType.Cluster), Delta(ResourceType.Endpoint, "a", "b"), Ack("$1"), Ack("$0")]),
        new(true, [Delta(ResourceType.Listener), Published(0x27, 0x25), Delta(ResourceType.Route, "a"), Ack("$0"), Published(0x47, 0x45), Ack("$0"), Published(0x07)]),
        new(true, [Published(0x22, 0x2a), Delta(ResourceType.Cluster, "*"), Nack("$0", "Error adding/updating cluster(s) b: no"), Published(0x4a), Ack("$0")]),
        new(true, [Resumed(ResourceType.Cluster, "a", "b"), Published(0x22), Resumed(ResourceType.Endpoint, "a"), Ack("$0")]),
        new(true, [Published(0xe2, 0xe3), Delta(ResourceType.Cluster, "a"), Dropped(ResourceType.Cluster, "a"), Delta(ResourceType.Cluster, "a")]),
        new(true, [Unserved("type.googleapis.com/unknown", "x"), Published(0x20), Delta(ResourceType.Runtime, "a"), Delta(ResourceType.Secret, "a")]),
        new(false, [Published(0x22, 0x23, 0x2a, 0x2b), World(ResourceType.Cluster, ""), World(ResourceType.Endpoint, "", "a", "b"), World(ResourceType.Cluster, "$1")]),
        new(false, [World(ResourceType.Listener, ""), Published(0x27, 0x25), World(ResourceType.Route, "", "a"), World(ResourceType.Listener, "$1"), Published(0x07)]),
        new(false, [Published(0x22, 0x2a), World(ResourceType.Cluster, "", "*"), WorldNack(ResourceType.Cluster, "$0"), Published(0x4a)]),
    ];

    public static FuzzStep Published(params byte[] changes) => new(StepKind.Publish, changes);

    private static FuzzStep Delta(ResourceType type, params string[] names) => Request(new DeltaDiscoveryRequest
    {
        TypeUrl = type.TypeUrl(),
        ResourceNamesSubscribe = { names },
    });

    private static FuzzStep Dropped(ResourceType type, params string[] names) => Request(new DeltaDiscoveryRequest
    {
        TypeUrl = type.TypeUrl(),
        ResourceNamesUnsubscribe = { names },
    });

    private static FuzzStep Resumed(ResourceType type, params string[] names)
    {
        var request = new DeltaDiscoveryRequest { TypeUrl = type.TypeUrl(), ResourceNamesSubscribe = { names } };
        Array.ForEach(names, name => request.InitialResourceVersions.Add(name, "1"));
        return Request(request);
    }

    private static FuzzStep Unserved(string typeUrl, params string[] names) =>
        Request(new DeltaDiscoveryRequest { TypeUrl = typeUrl, ResourceNamesSubscribe = { names } });

    private static FuzzStep Ack(string nonce) => Request(new DeltaDiscoveryRequest { TypeUrl = ResourceType.Cluster.TypeUrl(), ResponseNonce = nonce });

    private static FuzzStep Nack(string nonce, string words) => Request(new DeltaDiscoveryRequest
    {
        TypeUrl = ResourceType.Cluster.TypeUrl(),
        ResponseNonce = nonce,
        ErrorDetail = new() { Code = 13, Message = words },
    });

    private static FuzzStep World(ResourceType type, string nonce, params string[] names) => Request(new DiscoveryRequest
    {
        TypeUrl = type.TypeUrl(),
        ResponseNonce = nonce,
        ResourceNames = { names },
    });

    private static FuzzStep WorldNack(ResourceType type, string nonce) => Request(new DiscoveryRequest
    {
        TypeUrl = type.TypeUrl(),
        ResponseNonce = nonce,
        ErrorDetail = new() { Code = 13, Message = "no" },
    });

    private static FuzzStep Request(IMessage request) => new(StepKind.Request, request.ToByteArray());
}
