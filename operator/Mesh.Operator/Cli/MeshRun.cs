// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Cli;

/// <summary>Runs a host to its end. The host stops when one of its loops fails, and of itself calls that a good end.</summary>
internal static class MeshRun
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>For <see cref="MeshHost.Build"/>: the host logs every failure that ends the run, with its stack; <see cref="RunAsync"/> throws it.</summary>
    public static void TellOnce(IServiceCollection services) => services.Configure<LoggerFilterOptions>(static options =>
        options.Rules.Add(new LoggerFilterRule(providerName: null, HostCategory, LogLevel.None, filter: null)));

    /// <exception cref="Exception">What a loop failed by.</exception>
    public static async Task RunAsync(WebApplication app, CancellationToken cancellationToken)
    {
        // Running disposes the app, so that nothing can be asked of it afterwards.
        var loops = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        try
        {
            await app.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (Failed(loops) is not null)
        {
            // It failed before the host had started, which gave up; the reason is the loop's.
        }

        if (Failed(loops) is { } failed)
        {
            await failed;
        }
    }

    private static Task? Failed(IEnumerable<BackgroundService> loops) =>
        loops.Select(loop => loop.ExecuteTask).FirstOrDefault(task => task?.IsFaulted == true);
}
