// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Status;

/// <summary>What a report leaves behind for the next one.</summary>
/// <param name="Index">Resources by origin.</param>
/// <param name="Since">The revision at which each object's current generation came into force in the model.</param>
public sealed record StatusMemory(OriginIndex? Index, ImmutableDictionary<ResourceRef, Revision> Since)
{
    public static StatusMemory Empty { get; } = new(Index: null, ImmutableDictionary<ResourceRef, Revision>.Empty);
}

/// <summary>Statuses of every object that carries one, and what the next report starts from.</summary>
public sealed record StatusReport(ImmutableSortedDictionary<ObjectKey, ObjectStatus> Objects, StatusMemory Memory)
{
    /// <summary>How far policies and routes have come on this replica's own proxies, in their order; empty where nobody asks.</summary>
    public ImmutableDictionary<ObjectKey, ObjectFigures> Figures { get; init; } = ImmutableDictionary<ObjectKey, ObjectFigures>.Empty;
}

/// <summary>
/// Turns findings and acknowledgements into conditions. Pure: no clock, no writing.
/// </summary>
public static class StatusReporter
{
    public static StatusReport Report(StatusInput input, StatusMemory memory)
    {
        var index = OriginIndex.Build(input.Snapshot, memory.Index);
        var since = input.Built.Contributions.Values.ToImmutableDictionary(
            contribution => contribution.Reference,
            contribution => memory.Since.GetValueOrDefault(contribution.Reference, input.Snapshot.Revision));
        var programmed = new ProgrammedReporter(input, index, since);
        var resources = input.Built.Resources;
        var statuses = resources.Meshes.Select(pair => PolicyStatusReporter.Report(StatusSubject.Of(pair.Key, pair.Value), input.Built, programmed))
            .Concat(resources.TrafficPolicies.Select(pair =>
                PolicyStatusReporter.Report(StatusSubject.Of(pair.Key, pair.Value), input.Built, programmed)))
            .Concat(resources.HttpRoutes.Select(pair => RouteStatusReporter.Report(StatusSubject.Of(pair.Key, pair.Value), input.Built, programmed)))
            .Concat(resources.GrpcRoutes.Select(pair => RouteStatusReporter.Report(StatusSubject.Of(pair.Key, pair.Value), input.Built, programmed)))
            .Concat(input.Proxies.Where(input.Fleet.IsHere).Select(proxy => NodeStatusReporter.Report(proxy, programmed.Nodes[proxy.Node].FirstOrDefault())))
            .Concat(input.Fleet.Others.SelectMany(NodesOf))
            .OfType<ObjectStatus>()
            .DistinctBy(status => status.Key) // Applications without a proxy share names at will.
            .ToDictionary(status => status.Key);
        foreach (var (key, findings) in input.Built.Findings.Where(pair => !statuses.ContainsKey(pair.Key)))
        {
            statuses[key] = ProblemStatusReporter.Report(key, findings);
        }

        return new StatusReport(statuses.ToImmutableSortedDictionary(), new StatusMemory(index, since))
        {
            Figures = programmed.Figures.ToImmutableDictionary(),
        };
    }

    private static IEnumerable<ObjectStatus> NodesOf(ReplicaFigures replica) =>
        replica.Nodes.Values.Where(status => status.Node is null || !replica.Elsewhere.Contains(new NodeName(status.Key.Name)));
}
