// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Status;

/// <summary>The condition Programmed of an object, with the counts that stand behind it.</summary>
internal sealed record ProgrammedState(ConditionState Condition, ProxySummary Proxies);

/// <summary>Judges on how many proxies an object is in force.</summary>
internal sealed class ProgrammedReporter(StatusInput input, OriginIndex index, ImmutableDictionary<ResourceRef, Revision> since)
{
    // A message names so many proxies at most: status must not grow with the mesh.
    private const int NamedProxies = 5;

    public ProgrammedState Report(ObjectKey key)
    {
        var desired = input.Proxies.Length;
        if (!input.Built.Contributions.TryGetValue(key, out var contribution))
        {
            // Refused objects get their reason from the finding; an accepted one that reaches no proxy is hidden by more specific ones.
            return State(
                ConditionStatus.False,
                Reasons.Overridden,
                "In force on no proxy: on every target, each of its features is overridden by a more specific policy.",
                new ProxySummary(desired, 0, 0));
        }

        var withheld = input.Snapshot.Refused.FirstOrDefault(refused => refused.Origins.Contains(contribution.Reference));
        if (withheld is not null)
        {
            return State(
                ConditionStatus.False,
                Reasons.RejectedByProxy,
                $"Withheld from every proxy, since Envoy would refuse {withheld.Key}: {withheld.Message}. The version before keeps serving.",
                new ProxySummary(desired, 0, desired));
        }

        return desired == 0
            ? State(ConditionStatus.Unknown, Reasons.NoProxies, "No proxy is connected.", new ProxySummary(0, 0, 0))
            : FromVerdicts(Judge(contribution.Reference));
    }

    private List<ProxyVerdict> Judge(ResourceRef reference)
    {
        var resources = index.ResourcesOf(reference).ToList();
        return input.Proxies
            .Select(proxy => ProxyVerdict.Of(proxy, reference, resources, since[reference]))
            .OrderBy(verdict => verdict.Node.Value, StringComparer.Ordinal)
            .ToList();
    }

    private static ProgrammedState FromVerdicts(List<ProxyVerdict> verdicts)
    {
        var waiting = verdicts.Where(verdict => verdict.Stage == ProxyStage.Pending).ToList();
        var rejected = verdicts.Where(verdict => verdict.Stage == ProxyStage.Rejected).ToList();
        var unused = verdicts.Count(verdict => verdict.Stage == ProxyStage.OnDemand);
        var proxies = new ProxySummary(verdicts.Count, verdicts.Count - waiting.Count - rejected.Count, rejected.Count);
        if (rejected.Count > 0)
        {
            var words = string.Join("; ", rejected.Take(NamedProxies).Select(verdict => $"{verdict.Node}: {verdict.Message} ({verdict.Resource})"));
            return State(
                ConditionStatus.False,
                Reasons.RejectedByProxy,
                $"Refused by {rejected.Count} of {verdicts.Count} proxies, in force on {proxies}. {words}{More(rejected.Count)}. "
                    + "Where it was refused, the version before keeps serving.",
                proxies);
        }

        if (waiting.Count > 0)
        {
            var names = string.Join(", ", waiting.Take(NamedProxies).Select(verdict => verdict.Node.Value));
            return State(
                ConditionStatus.Unknown, Reasons.Pending, $"In force on {proxies} proxies; waiting for {names}{More(waiting.Count)}.", proxies);
        }

        var hint = unused == 0 ? string.Empty : $" {unused} of them did not use it yet and fetch it at first use.";
        return State(ConditionStatus.True, Reasons.Programmed, $"In force on {proxies} proxies.{hint}", proxies);
    }

    private static string More(int count) => count > NamedProxies ? $" and {count - NamedProxies} more" : string.Empty;

    private static ProgrammedState State(ConditionStatus status, string reason, string message, ProxySummary proxies) =>
        new(new ConditionState(ConditionTypes.Programmed, status, reason, message), proxies);
}
