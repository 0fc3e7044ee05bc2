// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Times of the election of a leader. A replica that is cut off stops within the deadline, and another one takes over after the duration, to
/// which the pause between its own looks adds: statuses go on within 20 s.
/// </summary>
public sealed record LeaderElectionOptions
{
    /// <summary>Name of the Lease, in the operator's own namespace.</summary>
    public string LeaseName { get; init; } = "mesh-operator";

    /// <summary>How long a lease holds after it was renewed last. Whole seconds: the API knows no others.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>When a leader that could not renew stops to be one. The rest of the duration is for clocks that do not run alike.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Pause between two looks at the lease; each is up to a fifth longer or shorter, so that replicas do not ask at once.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(2);
}
