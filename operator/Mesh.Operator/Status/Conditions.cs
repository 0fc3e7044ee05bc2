// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;

namespace Mesh.Operator.Status;

/// <summary>Makes the three conditions of one scope (a policy, or a route at one parent) from its findings.</summary>
internal static class Conditions
{
    /// <summary>Messages are cut here: the API's limit of a condition's message is 32768.</summary>
    private const int MaximumMessage = 4000;

    public static EquatableArray<ConditionState> Of(IReadOnlyCollection<Finding> findings, ProgrammedState programmed)
    {
        var accepted = FromFindings(ConditionTypes.Accepted, Reasons.Accepted, "Valid and in the mesh.", Select(findings, FindingCondition.Accepted));
        var resolved = FromFindings(
            ConditionTypes.ResolvedRefs, Reasons.ResolvedRefs, "No reference to a backend is broken.", Select(findings, FindingCondition.ResolvedRefs));
        return [accepted, resolved, Programmed(accepted, findings, programmed)];
    }

    private static ConditionState Programmed(ConditionState accepted, IReadOnlyCollection<Finding> findings, ProgrammedState programmed)
    {
        var condition = programmed.Condition;
        if (accepted.Status == ConditionStatus.False)
        {
            // Only of an earlier generation: this one may be in force at another parent of the route, which is no comfort to this one.
            var isEarlier = condition.Status == ConditionStatus.True && findings.Max(finding => finding.Object.Generation) > programmed.Generation;
            var keeps = isEarlier ? $" The last good version keeps serving: {condition.Message}" : string.Empty;
            return new ConditionState(
                ConditionTypes.Programmed, ConditionStatus.False, accepted.Reason, $"This generation is not in force: it is not accepted.{keeps}");
        }

        var isPartial = condition.Status == ConditionStatus.True && findings.Any(finding => finding is { IsPartial: true, Reason: Reasons.Conflicted });
        return isPartial ? condition with { Reason = Reasons.PartiallyProgrammed } : condition;
    }

    private static IEnumerable<Finding> Select(IEnumerable<Finding> findings, FindingCondition condition) =>
        findings.Where(finding => finding.Condition == condition);

    private static ConditionState FromFindings(string type, string goodReason, string goodMessage, IEnumerable<Finding> findings)
    {
        var all = findings.OrderBy(finding => finding.IsPartial).ThenBy(finding => finding.Path, StringComparer.Ordinal).ToList();
        var failed = all.FirstOrDefault(finding => !finding.IsPartial);
        var text = string.Join(" ", all.Select(Text).Distinct(StringComparer.Ordinal));
        return failed is null
            ? new ConditionState(type, ConditionStatus.True, goodReason, Cut(all.Count == 0 ? goodMessage : $"{goodMessage} But: {text}"))
            : new ConditionState(type, ConditionStatus.False, failed.Reason, Cut(text));
    }

    private static string Text(Finding finding)
    {
        var message = finding.Message.EndsWith('.') ? finding.Message : finding.Message + ".";
        return finding.Path.Length == 0 ? message : $"{finding.Path}: {message}";
    }

    private static string Cut(string message) => message.Length <= MaximumMessage ? message : message[..MaximumMessage] + " …";
}
