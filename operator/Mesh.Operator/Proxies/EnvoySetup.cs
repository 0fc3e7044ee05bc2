// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.NodeAgent.Supervision;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Naming;

namespace Mesh.Operator.Proxies;

/// <summary>Which Envoy is kept running, and whom it asks for its configuration.</summary>
internal sealed record EnvoySetup
{
    /// <summary>Path of the program.</summary>
    public required string Binary { get; init; }

    /// <summary>Holds its bootstrap, log and record.</summary>
    public required string StateFolder { get; init; }

    public required MeshNode Node { get; init; }

    public required ControlPlaneAddress ControlPlane { get; init; }

    /// <summary>How long requests may end by themselves at a stop; null for the supervisor's own choice.</summary>
    public TimeSpan? Drain { get; init; }

    /// <summary>Writes what the bootstrap refers to.</summary>
    public void WriteSecrets()
    {
        if (ControlPlane.Tls is { SecretsFolder: not null } tls)
        {
            ControlPlaneSecrets.Write(tls);
        }
    }

    public EnvoyOptions ToOptions()
    {
        var options = new EnvoyOptions
        {
            Binary = Binary,
            StateFolder = StateFolder,
            NodeId = NodeId.Of(Node.Name),
            Bootstrap = admin => EnvoyBootstrap.ToJson(new BootstrapOptions
            {
                Node = Node,
                ControlPlane = ControlPlane,
                AdminAddress = admin.Address.ToString(),
                AdminPort = admin.Port,
            }),
        };
        return Drain is { } drain ? options with { Drain = drain } : options;
    }
}
