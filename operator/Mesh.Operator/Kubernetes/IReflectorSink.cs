// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

/// <summary>Where a reflector puts what it sees: the store, or what is known of the cluster's CRDs. Called by one reflector only.</summary>
internal interface IReflectorSink
{
    /// <summary>Objects held now.</summary>
    int Count { get; }

    /// <summary>These are all the objects there are; what is held beside them is gone. Readers never see less than the old or the new whole.</summary>
    void Replace(IReadOnlyCollection<WatchedObject> objects);

    /// <summary>Objects that changed or were deleted, in this order.</summary>
    void Apply(IReadOnlyCollection<WatchEvent> changes);

    /// <summary>The operator's role does not allow to see the kind.</summary>
    void Deny();
}
