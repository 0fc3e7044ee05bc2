// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Sources;

/// <summary>Fills the store and keeps it current: the one seam between file mode and Kubernetes mode.</summary>
public interface IResourceSource
{
    /// <summary>Completes after the first full read; as long as there was none it waits, over restarts of the source too.</summary>
    Task Synced { get; }

    /// <summary>What has not been read yet, and why; null where that is all read or only the log tells.</summary>
    string? Unread => null;

    /// <summary>Runs until cancelled; throws when the outside world does not let it, and may then be called again.</summary>
    Task RunAsync(ResourceStore store, CancellationToken ct);
}
