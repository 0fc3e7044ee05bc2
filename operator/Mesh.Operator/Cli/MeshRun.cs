// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Cli;

/// <summary>Runs a host to its end. The host stops when one of its loops fails, and of itself calls that a good end.</summary>
internal static class MeshRun
{
    /// <exception cref="Exception">What a loop failed by.</exception>
    public static async Task RunAsync(WebApplication app, CancellationToken cancellationToken)
    {
        // Running disposes the app, so that nothing can be asked of it afterwards.
        var loops = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        await app.RunAsync(cancellationToken);
        foreach (var failed in loops.Select(loop => loop.ExecuteTask).OfType<Task>().Where(task => task.IsFaulted))
        {
            await failed;
        }
    }
}
