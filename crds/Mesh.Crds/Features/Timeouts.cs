// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.Features;

[Description("Without a value there is no limit; \"0s\" says so explicitly.")]
public sealed record Timeouts
{
    [Description("From the whole request received to the whole answer sent, all retries included.")]
    [Duration]
    public string? Request { get; init; }

    [Description("A stream on which no byte moves for so long in either direction is ended. Must not be used on WebSocket or streaming "
        + "services that stay silent longer.")]
    [Duration]
    public string? StreamIdle { get; init; }

    [Description("A stream's whole life, long-lived ones included; also bounds the grpc-timeout that a client asks for.")]
    [Duration]
    public string? MaxStreamDuration { get; init; }

    [Description("To open a connection to an endpoint; 5s without a value. Not on policies that target a route.")]
    [Duration(IsPositive = true)]
    public string? Connect { get; init; }
}
