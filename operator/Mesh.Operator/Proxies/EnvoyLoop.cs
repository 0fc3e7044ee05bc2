// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Supervision;
using Mesh.Operator.Cli;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Telemetry;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Naming;

namespace Mesh.Operator.Proxies;

/// <summary>Keeps the node's Envoy running, connected to this process.</summary>
internal sealed class EnvoyLoop(
    RunOptions options, ProxyDisplay display, IHostApplicationLifetime lifetime, ILogger<EnvoyLoop> log) : BackgroundService
{
    /// <summary>What Envoy is doing.</summary>
    public Newest<EnvoyState> State { get; } = new(new EnvoyState.Stopped());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var supervisor = new EnvoySupervisor(
            new EnvoyOptions
            {
                Binary = options.EnvoyPath ?? throw new InvalidOperationException("An Envoy is found before the loop starts."),
                StateFolder = Path.Combine(options.StateDirectory, "envoy"),
                NodeId = NodeId.Of(options.MeshNode.Name),
                Bootstrap = admin => EnvoyBootstrap.ToJson(new BootstrapOptions
                {
                    Node = options.MeshNode,
                    ControlPlane = ControlPlaneAddress.Unix(options.SocketPath),
                    AdminAddress = admin.Address.ToString(),
                    AdminPort = admin.Port,
                }),
            },
            TimeProvider.System,
            state =>
            {
                State.Publish(state);
                display.Text.Publish(state.Text);
                log.ProxyState(state.Text);
                if (state is EnvoyState.Starting && !File.Exists(options.SocketPath))
                {
                    log.SocketGone(options.SocketPath);
                }
            });
        try
        {
            // An Envoy that finds no control plane backs off for seconds.
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            await supervisor.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
        catch (Exception e) when (e is not EnvoySupervisorException)
        {
            log.ProxyFailed(e);
            throw;
        }
    }
}
