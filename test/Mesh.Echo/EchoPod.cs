// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Mesh.Echo;

/// <summary>One pod to play: who it is, and where it listens. Port 0 means a free one.</summary>
public sealed record EchoPod
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public string Version { get; init; } = "";

    public string Service { get; init; } = "";

    /// <summary>HTTP/1.1 and h2c on the same port, WebSocket at <c>/ws</c>, gRPC as well.</summary>
    public IReadOnlyList<IPEndPoint> Http { get; init; } = [];

    /// <summary>h2c only: gRPC.</summary>
    public IReadOnlyList<IPEndPoint> Grpc { get; init; } = [];

    /// <summary>Sends back what it gets.</summary>
    public IReadOnlyList<IPEndPoint> Tcp { get; init; } = [];

    /// <summary>Speaks first, "namespace/name version\n", then sends back what it gets.</summary>
    public IReadOnlyList<IPEndPoint> Banner { get; init; } = [];

    public override string ToString() => $"{Namespace}/{Name}";
}
