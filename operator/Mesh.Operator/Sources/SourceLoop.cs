// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Telemetry;

namespace Mesh.Operator.Sources;

/// <summary>Runs the source; a failure ends the process, since a control plane that no longer sees its input would serve the past for ever.</summary>
internal sealed class SourceLoop(IResourceSource source, ResourceStore store, ILogger<SourceLoop> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await source.RunAsync(store, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
        catch (Exception e)
        {
            log.SourceFailed(e);
            throw;
        }
    }
}
