// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using Mesh.Model;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;

namespace Mesh.Operator.Replicas;

/// <summary>One message of a replica to the leader: what differs from what it told before.</summary>
internal sealed record ReplicaReport
{
    public required string Replica { get; init; }

    /// <summary>Where it is there, it and what comes with it stand in place of all that was told before; null: the proxies are the same.</summary>
    public IReadOnlyList<RosterReport>? Roster { get; init; }

    public IReadOnlyList<ObjectReport> Objects { get; init; } = [];

    public IReadOnlyList<ObjectName> Gone { get; init; } = [];

    public IReadOnlyList<NodeReport> Nodes { get; init; } = [];

    public IReadOnlyList<string> GoneNodes { get; init; } = [];

    /// <summary>It says that the replica is there, and no more.</summary>
    [JsonIgnore]
    public bool IsEmpty => Roster is null && Objects.Count + Gone.Count + Nodes.Count + GoneNodes.Count == 0;
}

/// <summary>The leader's answer to each report: it counts.</summary>
internal sealed record ReplicaAnswer;

/// <param name="Node">Name of its node.</param>
/// <param name="IsProxyless">An application without a proxy.</param>
/// <param name="IsLoopback">Its node captures connections by loopback addresses.</param>
/// <param name="Age">How long it has been connected: replicas' clocks need not agree.</param>
internal sealed record RosterReport(string Node, bool IsProxyless, bool IsLoopback, TimeSpan Age)
{
    /// <summary>The namespace that an application has proved to be of; a replica of a version before tells none.</summary>
    public string? Namespace { get; init; }
}

/// <summary>An object's key.</summary>
internal sealed record ObjectName(string Kind, string Namespace, string Name)
{
    public static ObjectName Of(ObjectKey key) => new(key.Kind, key.Namespace, key.Name);

    public ObjectKey ToKey() => new(Kind, Namespace, Name);
}

/// <summary>See <see cref="ObjectFigures"/>.</summary>
internal sealed record ObjectReport
{
    public required ObjectName Key { get; init; }

    public required long Generation { get; init; }

    public required ulong Resources { get; init; }

    public required string Stages { get; init; }

    public IReadOnlyList<StageWords> Words { get; init; } = [];

    public static ObjectReport Of(ObjectKey key, ObjectFigures figures) => new()
    {
        Key = ObjectName.Of(key),
        Generation = figures.Generation,
        Resources = figures.Resources,
        Stages = figures.Stages,
        Words = [.. figures.Words],
    };

    public ObjectFigures ToFigures() => new(Generation, Resources, Stages, Words.ToEquatableArray());
}
