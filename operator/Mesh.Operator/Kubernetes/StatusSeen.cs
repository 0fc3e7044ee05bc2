// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;

namespace Mesh.Operator.Kubernetes;

/// <summary>What a watch has told of an object's status. It is compared with what was written, and nothing else is made of it.</summary>
/// <param name="Key">The object.</param>
/// <param name="Status">What of it is ours; null when the object was deleted.</param>
/// <param name="Unreported">How long a report of it is waited for before it counts as left over; null where that is no matter.</param>
internal sealed record StatusSeen(ObjectKey Key, KnownStatus? Status, TimeSpan? Unreported);
