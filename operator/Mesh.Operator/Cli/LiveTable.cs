// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Status;
using Spectre.Console;

namespace Mesh.Operator.Cli;

/// <summary>Keeps the table of statuses on the screen current.</summary>
internal sealed class LiveTable(StatusBoard board, ProxyDisplay proxy, RunOptions options) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        AnsiConsole.Live(Render()).StartAsync(async context =>
        {
            try
            {
                while (true)
                {
                    var (_, statusChanged) = board.Documents.Read();
                    var (_, proxyChanged) = proxy.Text.Read();
                    context.UpdateTarget(Render());
                    await Task.WhenAny(statusChanged, proxyChanged).WaitAsync(stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // Shutting down.
            }
        });

    private Rows Render() => new(
        StatusTable.Of(board.Documents.Value.Values.Select(StatusRow.Of)),
        new Text(proxy.Text.Value),
        new Text(options.Kubernetes is null ? "Edit a file of the folder and watch; Ctrl-C ends." : "Change objects with kubectl and watch; Ctrl-C ends."));
}
