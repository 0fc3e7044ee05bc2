// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Replicas;

/// <summary>Times of what replicas tell each other.</summary>
public sealed record FleetOptions
{
    /// <summary>
    /// How long a proxy that went away may be on its way to another replica, while nothing is said to be in force that it may not have. Shorter than the
    /// doubt that is worth a write, so that a move alone is none.
    /// </summary>
    public TimeSpan Transit { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>The same for all that were connected when a new leader began: their replicas have yet to find it.</summary>
    public TimeSpan Join { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Least time between two reports to the leader.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A replica that has nothing to report says so as often.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the leader waits for a word before it takes the replica to be gone.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a replica tries to reach the leader before it says in the lease that it cannot.</summary>
    public TimeSpan Unheard { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it says so anew; the leader believes it for three times as long.</summary>
    public TimeSpan Reminder { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pauses between two attempts to reach the leader.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);
}
