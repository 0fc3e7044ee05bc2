// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Model;
using Mesh.Xds.Bootstrap;

namespace Mesh.Operator.Cli;

/// <summary>Options of <c>mesh-operator node</c>.</summary>
internal sealed record NodeOptions
{
    public required MeshNode Node { get; init; }

    public required ControlPlaneAddress ControlPlane { get; init; }

    /// <summary>Path of the Envoy binary.</summary>
    public required string EnvoyPath { get; init; }

    /// <summary>Where bootstrap, log and pid file go; whoever takes over the node's Envoy takes over this folder.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Where <c>/healthz</c>, <c>/readyz</c> and <c>/envoy</c> are served.</summary>
    public required IPEndPoint HttpListen { get; init; }

    /// <summary>How long requests may end by themselves at a stop.</summary>
    public required TimeSpan Drain { get; init; }
}
