// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Cli;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Client;
using Mesh.Xds.Validation;

namespace Mesh.Operator.Proxies;

/// <summary>An in-process node that speaks xDS to this process, holds each resource against Envoy's rules and answers; no traffic flows.</summary>
internal sealed class SimulatedLoop(RunOptions options, ProxyDisplay display, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var node = new SimulatedNode(
            new XdsClientOptions
            {
                Address = new Uri("unix://" + options.SocketPath),
                Node = EnvoyBootstrap.Identity(options.MeshNode),
                Time = time,
            },
            message => [.. ProtoRules.Check(message).Select(violation => $"{violation.Path}: {violation.Message}")]);
        display.Text.Publish("Simulated proxy: checks and acknowledges; no traffic flows");
        try
        {
            await node.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }
}
