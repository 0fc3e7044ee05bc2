// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;

namespace Mesh.Xds.Hosting.Tls;

/// <summary>Looks at the certificate files when the kernel tells of a change in their folders, and now and then in case it does not.</summary>
internal sealed class TlsFileWatch(ServerTls tls, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    // Certificate and key are two files: whoever replaces one replaces the other in the same breath.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // One mark is enough however much happens: all files are looked at.
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var watchers = Folders().Select(folder => Watch(folder, changes.Writer)).ToList();
        using var timer = time.CreateTimer(_ => changes.Writer.TryWrite(true), null, Interval, Interval);
        try
        {
            // What changed before the watch stood.
            tls.Refresh();
            await foreach (var _ in changes.Reader.ReadAllAsync(stoppingToken))
            {
                await Task.Delay(Quiet, time, stoppingToken);
                tls.Refresh();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
        finally
        {
            watchers.ForEach(static watcher => watcher?.Dispose());
        }
    }

    private IEnumerable<string> Folders() =>
        tls.Paths.All.Select(static path => Path.GetDirectoryName(Path.GetFullPath(path))).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Whatever happens in the folder counts: a mounted Secret changes by one rename of a link that bears none of the files' names.</summary>
    private static FileSystemWatcher? Watch(string folder, ChannelWriter<bool> changes)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder);
            watcher.Created += (_, _) => changes.TryWrite(true);
            watcher.Changed += (_, _) => changes.TryWrite(true);
            watcher.Deleted += (_, _) => changes.TryWrite(true);
            watcher.Renamed += (_, _) => changes.TryWrite(true);
            watcher.Error += (_, _) => changes.TryWrite(true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // No inotify instance left: looking regularly has to do.
            watcher?.Dispose();
            return null;
        }
    }
}
