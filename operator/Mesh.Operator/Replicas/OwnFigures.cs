// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;

namespace Mesh.Operator.Replicas;

/// <summary>What this replica has to tell the leader; immutable.</summary>
/// <param name="Roster">Its proxies.</param>
/// <param name="Since">When each of them came, by the board's clock.</param>
/// <param name="Objects">By policy or route.</param>
/// <param name="Nodes">Statuses of its nodes.</param>
internal sealed record OwnFigures(
    ImmutableArray<RosterEntry> Roster,
    ImmutableArray<TimeSpan> Since,
    ImmutableDictionary<ObjectKey, ObjectFigures> Objects,
    ImmutableDictionary<ObjectKey, ObjectStatus> Nodes)
{
    public bool HasRosterOf(OwnFigures other) => Roster.SequenceEqual(other.Roster) && Since.SequenceEqual(other.Since);
}
