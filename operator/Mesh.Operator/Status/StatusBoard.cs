// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Status;

/// <summary>The newest statuses, for display and for whoever waits for one.</summary>
public sealed class StatusBoard
{
    public Newest<ImmutableSortedDictionary<ObjectKey, StatusDocument>> Documents { get; } =
        new(ImmutableSortedDictionary<ObjectKey, StatusDocument>.Empty);
}
