// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Kubernetes;

/// <summary>What a leader knows of the cluster. The next one begins with a new one: others wrote in between.</summary>
/// <param name="start">When it began.</param>
internal sealed class StatusTerm(DateTimeOffset start)
{
    public DateTimeOffset Start => start;

    public ConcurrentDictionary<ObjectKey, KnownStatus> Known { get; } = new();

    public StatusTimes Times(StatusItem item, KnownStatus known) => new(start, item.Since, known.Written);
}
