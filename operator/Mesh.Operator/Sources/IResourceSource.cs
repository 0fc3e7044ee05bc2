// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Sources;

/// <summary>Fills the store and keeps it current: the one seam between file mode and Kubernetes mode.</summary>
public interface IResourceSource
{
    /// <summary>Completes after the first full read; fails when there will be none.</summary>
    Task Synced { get; }

    /// <summary>Runs until cancelled.</summary>
    Task RunAsync(ResourceStore store, CancellationToken ct);
}
