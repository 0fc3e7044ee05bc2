// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Supervision;
using Mesh.Operator.Cli;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Telemetry;

namespace Mesh.Operator.Proxies;

/// <summary>Keeps the node's Envoy running.</summary>
internal sealed class EnvoyLoop(
    EnvoySetup setup, ProxyDisplay display, IHostApplicationLifetime lifetime, ILogger<EnvoyLoop> log) : BackgroundService
{
    /// <summary>What Envoy is doing.</summary>
    public Newest<EnvoyState> State { get; } = new(new EnvoyState.Stopped());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var supervisor = new EnvoySupervisor(setup.ToOptions(), TimeProvider.System, Show);
        try
        {
            // An Envoy that finds no control plane backs off for seconds.
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            setup.WriteSecrets();
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

    private void Show(EnvoyState state)
    {
        State.Publish(state);
        display.Text.Publish(state.Text);
        log.ProxyState(state.Text);
        if (state is EnvoyState.Starting && setup.ControlPlane.SocketPath is { } socket && !File.Exists(socket))
        {
            log.SocketGone(socket);
        }
    }
}
