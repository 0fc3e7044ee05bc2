// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Cli;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Testing;

/// <summary>The status files that users read, with a signal when they have been written.</summary>
internal sealed class WrittenStatuses
{
    private readonly Newest<int> writes = new(0);
    private string folder = "";

    /// <summary>For <see cref="RunningMesh.StartAsync"/>: writes as always, and tells.</summary>
    public void Register(IServiceCollection services) => services.AddSingleton<IStatusWriter>(provider =>
    {
        folder = provider.GetRequiredService<RunOptions>().StatusDirectory;
        return new Writer(new FileStatusWriter(folder), writes);
    });

    /// <summary>The text of a file once it is there and as wanted; fails with what it says instead.</summary>
    public async Task<string> ReadAsync(string path, Predicate<string> wanted)
    {
        try
        {
            await writes.WaitForAsync(_ => Text(path) is { } text && wanted(text), CancellationToken.None).WithTimeout();
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{path} is not as wanted; it is {Text(path) ?? "absent"}", e);
        }

        return Text(path)!;
    }

    public Task GoneAsync(string path) => writes.WaitForAsync(_ => Text(path) is null, CancellationToken.None).WithTimeout();

    private string? Text(string path) => File.Exists(Path.Combine(folder, path)) ? File.ReadAllText(Path.Combine(folder, path)) : null;

    private sealed class Writer(IStatusWriter inner, Newest<int> writes) : IStatusWriter
    {
        public async Task WriteAsync(
            IReadOnlyCollection<StatusDocument> changed, IReadOnlyCollection<ObjectKey> gone, CancellationToken cancellationToken)
        {
            await inner.WriteAsync(changed, gone, cancellationToken);
            writes.Publish(writes.Value + 1);
        }
    }
}
