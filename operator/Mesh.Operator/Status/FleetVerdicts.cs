// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Status;

/// <summary>
/// Verdicts between replicas; pure. What another replica tells counts for the generation and the resources that it is about: of anything else its
/// proxies are taken to be waiting, whichever of the two replicas is behind.
/// </summary>
internal static class FleetVerdicts
{
    // A message names five proxies; some of these may be connected elsewhere by then.
    private const int Worded = 8;

    /// <summary>A replica's own verdicts, for the leader.</summary>
    /// <param name="generation">Of the object.</param>
    /// <param name="resources">Sum over the names of its resources.</param>
    /// <param name="verdicts">In the order of the roster.</param>
    public static ObjectFigures FiguresOf(long generation, ulong resources, IReadOnlyList<ProxyVerdict> verdicts)
    {
        var stages = string.Create(verdicts.Count, verdicts, static (text, all) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = StageLetters.Of(all[i].Stage);
            }
        });
        var words = verdicts
            .Select(static (verdict, i) => new StageWords(
                i, verdict.Resource, verdict.Message, verdict.HasEarlier, verdict.IsWithheld, verdict.Without))
            .Where(static word => word.Message.Length > 0 || word.Without.Length > 0 || word.Resource.Length > 0)
            .GroupBy(word => stages[word.Position])
            .SelectMany(static group => group.Take(Worded))
            .OrderBy(static word => word.Position)
            .ToEquatableArray();
        return new ObjectFigures(generation, resources, stages, words);
    }

    /// <summary>Verdicts of all proxies that are not connected to this replica.</summary>
    /// <param name="view">What is known of them.</param>
    /// <param name="key">The object.</param>
    /// <param name="generation">The generation that is judged.</param>
    /// <param name="resources">Sum over the names of its resources, as this replica has them.</param>
    public static IEnumerable<ProxyVerdict> Of(FleetView view, ObjectKey key, long generation, ulong resources) => view.Others
        .SelectMany(replica => Of(replica, key, generation, resources))
        .Concat(view.Underway.Select(node => Waiting(node)))
        .Concat(view.Silent.SelectMany(static silent => Enumerable.Repeat(
            Waiting(new NodeName($"a proxy of replica {silent.Replica}, which cannot tell of it")), silent.Proxies)));

    private static IEnumerable<ProxyVerdict> Of(ReplicaFigures replica, ObjectKey key, long generation, ulong resources)
    {
        var figures = replica.Objects.GetValueOrDefault(key);
        var isCurrent = figures is not null && figures.Generation == generation && figures.Stages.Length == replica.Roster.Length;
        for (var i = 0; i < replica.Roster.Length; i++)
        {
            if (replica.IsHere(replica.Roster[i]) && Hearing.IsHeard(replica.Roster[i].Namespace, key))
            {
                yield return isCurrent ? Verdict(replica.Roster[i].Node, i, figures!, resources) : Waiting(replica.Roster[i].Node); // Current: not null.
            }
        }
    }

    private static ProxyVerdict Verdict(NodeName node, int position, ObjectFigures figures, ulong resources)
    {
        var stage = StageLetters.Read(figures.Stages[position]);
        if (stage is ProxyStage.Applied or ProxyStage.OnDemand && figures.Resources != resources)
        {
            return Waiting(node);
        }

        var words = figures.Words.FirstOrDefault(word => word.Position == position);
        return words is null
            ? new ProxyVerdict(node, stage, string.Empty, string.Empty)
            : new ProxyVerdict(node, stage, words.Resource, words.Message)
            {
                HasEarlier = words.HasEarlier,
                IsWithheld = words.IsWithheld,
                Without = words.Without,
            };
    }

    private static ProxyVerdict Waiting(NodeName node) => new(node, ProxyStage.Pending, string.Empty, string.Empty);
}
