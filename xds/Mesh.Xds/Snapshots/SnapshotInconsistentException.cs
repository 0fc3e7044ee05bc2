// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Snapshots;

/// <summary>A resource names another that the same snapshot lacks: a bug in the stages before, never a user's mistake.</summary>
public sealed class SnapshotInconsistentException : Exception
{
    public SnapshotInconsistentException(ResourceKey resource, ResourceKey missing)
        : base($"{resource} names {missing}, which is not in the snapshot.")
    {
        Resource = resource;
        Missing = missing;
    }

    public SnapshotInconsistentException()
    {
    }

    public SnapshotInconsistentException(string message)
        : base(message)
    {
    }

    public SnapshotInconsistentException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ResourceKey Resource { get; }

    public ResourceKey Missing { get; }
}
