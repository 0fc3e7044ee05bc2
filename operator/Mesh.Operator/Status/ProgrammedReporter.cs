// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Xds.Acks;
using Mesh.Xds.Naming;
using Mesh.Xds.Snapshots;

namespace Mesh.Operator.Status;

/// <summary>The condition Programmed of an object, with the counts that stand behind it.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Proxies">The counts.</param>
/// <param name="Generation">The generation that they speak of; 0 when none is in the model.</param>
internal sealed record ProgrammedState(ConditionState Condition, ProxySummary Proxies, long Generation);

/// <summary>Judges on how many proxies an object is in force.</summary>
internal sealed class ProgrammedReporter(StatusInput input, OriginIndex index, ImmutableDictionary<ResourceRef, Revision> since)
{
    // A message names so many proxies at most: status must not grow with the mesh.
    private const int NamedProxies = 5;

    // Nor with what a proxy has to say; the status has it up to three times, and 32768 characters is the API's limit.
    private const int LongestWords = 1000;

    private readonly FleetView fleet = input.Fleet;
    private readonly Dictionary<ObjectKey, ObjectFigures> figures = [];

    // By namespace: who is heard does not depend on more.
    private readonly Dictionary<string, int> desiredIn = new(StringComparer.Ordinal);

    /// <summary>What this replica knows of each object's way, where that is asked for.</summary>
    public IReadOnlyDictionary<ObjectKey, ObjectFigures> Figures => figures;

    /// <summary>What each node was given.</summary>
    public ILookup<NodeName, NodeSnapshot> Nodes { get; } = input.Nodes.ToLookup(snapshot => snapshot.Node);

    public ProgrammedState Report(ObjectKey key)
    {
        var desired = Desired(key);
        if (!input.Built.Contributions.TryGetValue(key, out var contribution))
        {
            // Refused objects get their reason from the finding; this is of an accepted one that shapes nothing in the model.
            return State(
                ConditionStatus.False,
                Reasons.Overridden,
                "In force on no proxy: nothing at its targets takes a setting from it. A more specific policy overrides each of its features "
                    + "there, or there is no Service port or rule yet.",
                new ProxySummary(desired, 0, 0));
        }

        var state = OfContribution(key, contribution, desired);
        return state with { Generation = contribution.Reference.Generation };
    }

    private ProgrammedState OfContribution(ObjectKey key, Contribution contribution, int desired)
    {
        var reference = contribution.Reference;
        foreach (var withheld in input.Snapshot.Refused)
        {
            // As with a proxy's refusal: who was in the last good version already is in force by it.
            var lastGood = input.Snapshot.Shared[(int)withheld.Key.Type].Find(withheld.Key.Name);
            if (withheld.Origins.Culprits(lastGood?.Origins ?? Origins.None).Contains(reference))
            {
                Tell(key, contribution, [.. input.Proxies.Select(proxy => WithheldFrom(proxy, withheld, lastGood is not null))]);
                return State(
                    ConditionStatus.False,
                    Reasons.RejectedByProxy,
                    $"Withheld from every proxy, since Envoy would refuse {withheld.Key}: {withheld.Message}. "
                        + (lastGood is null ? "There is no version before that could serve." : "The version before keeps serving."),
                    new ProxySummary(desired, 0, desired));
            }
        }

        return desired == 0
            ? State(ConditionStatus.Unknown, Reasons.NoProxies, "No proxy is connected.", new ProxySummary(0, 0, 0))
            : Judge(key, contribution);
    }

    private int Desired(ObjectKey key)
    {
        if (!desiredIn.TryGetValue(key.Namespace, out var desired))
        {
            desiredIn.Add(key.Namespace, desired = input.Proxies.Count(proxy => IsCounted(proxy, key)) + fleet.Count(key));
        }

        return desired;
    }

    private bool IsCounted(ProxyState proxy, ObjectKey key) => fleet.IsHere(proxy) && Hearing.IsHeard(proxy.Namespace, key);

    private static ProxyVerdict WithheldFrom(ProxyState proxy, RefusedResource withheld, bool hasEarlier) =>
        new(proxy.Node, ProxyStage.Rejected, withheld.Key.ToString(), withheld.Message) { HasEarlier = hasEarlier, IsWithheld = true };

    private void Tell(ObjectKey key, Contribution contribution, IReadOnlyList<ProxyVerdict> verdicts)
    {
        if (fleet.WantsFigures)
        {
            var reference = contribution.Reference;
            figures[key] = FleetVerdicts.FiguresOf(reference.Generation, index.ResourcesOf(reference).Sum, verdicts);
        }
    }

    private ProgrammedState Judge(ObjectKey key, Contribution contribution)
    {
        var reference = contribution.Reference;
        var resources = index.ResourcesOf(reference);
        var capture = CaptureReach.Of(input, resources.Keys);
        var proxyless = new ProxylessJudge(input.Snapshot.Model, contribution);
        var own = input.Proxies
            .Select(proxy => Hearing.IsHeard(proxy.Namespace, key)
                ? ProxyVerdict.Withheld(proxy, reference, Nodes[proxy.Node].FirstOrDefault())
                    ?? capture.Apart(proxy)
                    ?? proxyless.Judge(proxy, ProxyVerdict.Of(proxy, reference, capture.Reaching(proxy), since[reference]))
                : ProxyVerdict.Unheard(proxy))
            .ToList();
        Tell(key, contribution, own);
        var verdicts = own
            .Where((_, i) => IsCounted(input.Proxies[i], key))
            .Concat(FleetVerdicts.Of(fleet, key, reference.Generation, resources.Sum))
            .OrderBy(verdict => verdict.Node.Value, StringComparer.Ordinal)
            .ToList();
        return capture.Qualify(FromVerdicts(verdicts));
    }

    private static ProgrammedState FromVerdicts(List<ProxyVerdict> verdicts)
    {
        var waiting = verdicts.Where(verdict => verdict.Stage == ProxyStage.Pending).ToList();
        var rejected = verdicts.Where(verdict => verdict.Stage == ProxyStage.Rejected).ToList();
        var failing = verdicts.Where(verdict => verdict.Stage == ProxyStage.FailsClosed).ToList();
        var unused = verdicts.Count(verdict => verdict.Stage == ProxyStage.OnDemand);
        var apart = verdicts.Count(verdict => verdict.Stage == ProxyStage.Inapplicable);
        var elsewhere = waiting.Count + rejected.Count + failing.Count + apart;
        var proxies = new ProxySummary(verdicts.Count, verdicts.Count - elsewhere, rejected.Count + failing.Count);
        if (rejected.Count > 0)
        {
            var words = string.Join("; ", rejected.Take(NamedProxies).Select(verdict => $"{verdict.Node}: {ForeignText.Line(verdict.Message, LongestWords)} ({verdict.Resource})"));
            return State(
                ConditionStatus.False,
                Reasons.RejectedByProxy,
                $"{How(rejected)} {rejected.Count} of {verdicts.Count} proxies, in force on {proxies}. {words}{More(rejected.Count)}. "
                    + Instead(rejected),
                proxies);
        }

        if (failing.Count > 0)
        {
            var words = string.Join("; ", failing.Take(NamedProxies).Select(verdict => $"{verdict.Node}: {verdict.Message}"));
            return State(
                ConditionStatus.False, Reasons.Unenforceable, $"In force on {proxies} proxies. {words}{More(failing.Count)}.", proxies);
        }

        if (waiting.Count > 0)
        {
            var names = string.Join(", ", waiting.Select(verdict => verdict.Node.Value).Distinct(StringComparer.Ordinal).Take(NamedProxies));
            return State(
                ConditionStatus.Unknown, Reasons.Pending, $"In force on {proxies} proxies; waiting for {names}{More(waiting.Count)}.", proxies);
        }

        var hint = unused switch
        {
            0 => string.Empty,
            1 => " 1 of them has not used it yet and fetches it at first use.",
            _ => $" {unused} of them have not used it yet and fetch it at first use.",
        };
        var partial = verdicts.Where(verdict => verdict.Without.Length > 0).ToList();
        var but = string.Join("; ", partial.Take(NamedProxies).Select(verdict => $"{verdict.Node} {verdict.Without}"));
        return partial.Count == 0
            ? State(ConditionStatus.True, Reasons.Programmed, $"In force on {proxies} proxies.{hint}", proxies)
            : State(
                ConditionStatus.True,
                Reasons.PartiallyProgrammed,
                $"In force on {proxies} proxies.{hint} But: {but}{More(partial.Count)}.",
                proxies);
    }

    private static string How(List<ProxyVerdict> rejected) => rejected.Count(verdict => verdict.IsWithheld) switch
    {
        0 => "Refused by",
        var withheld when withheld == rejected.Count => "Withheld, since Envoy would refuse it, from",
        _ => "Refused by or, since Envoy would refuse it, withheld from",
    };

    /// <summary>What serves where the object was refused.</summary>
    private static string Instead(List<ProxyVerdict> rejected) => rejected.Count(verdict => verdict.HasEarlier) switch
    {
        0 => "Where it was refused, there is no version before that could serve.",
        var earlier when earlier == rejected.Count => "Where it was refused, the version before keeps serving.",
        _ => "Where it was refused, the version before keeps serving, if there was one.",
    };

    private static string More(int count) => count > NamedProxies ? $" and {count - NamedProxies} more" : string.Empty;

    private static ProgrammedState State(ConditionStatus status, string reason, string message, ProxySummary proxies) =>
        new(new ConditionState(ConditionTypes.Programmed, status, reason, message), proxies, Generation: 0);
}
