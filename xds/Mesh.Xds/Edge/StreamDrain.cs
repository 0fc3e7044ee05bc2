// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mesh.Xds.Edge;

/// <summary>
/// Sends the streams away when the process begins to stop. Health says NOT_SERVING and no stream is taken from that moment; the server then
/// closes its sockets and tells its connections to go (GOAWAY) while the streams are ended one after the other.
/// </summary>
internal sealed class StreamDrain(
    OpenStreams streams, EdgeLimits limits, IHostApplicationLifetime lifetime, IOptions<HostOptions> host, ILogger<StreamDrain> log) : IHostedService, IDisposable
{
    private CancellationTokenRegistration registration;
    private Task draining = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A loop of its own would be told to stop only when the server, which waits for the streams, has stopped.
        registration = lifetime.ApplicationStopping.Register(() => draining = DrainAsync());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => draining.WaitAsync(cancellationToken);

    public void Dispose() => registration.Dispose();

    private async Task DrainAsync()
    {
        var count = streams.Close();
        if (count == 0)
        {
            return;
        }

        var pace = TimeSpan.FromSeconds((double)count / limits.DrainedPerSecond);
        var longest = limits.LongestDrain < host.Value.ShutdownTimeout / 2 ? limits.LongestDrain : host.Value.ShutdownTimeout / 2;
        var duration = pace < longest ? pace : longest;
        log.Draining(count, duration.TotalSeconds);
        await streams.DrainAsync(duration);
    }
}
