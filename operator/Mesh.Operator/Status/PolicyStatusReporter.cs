// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Building;

namespace Mesh.Operator.Status;

/// <summary>Status of a Mesh or TrafficPolicy.</summary>
internal static class PolicyStatusReporter
{
    public static ObjectStatus Report(StatusSubject subject, BuildResult built, ProgrammedReporter programmed)
    {
        var findings = built.Findings.GetValueOrDefault(subject.Key);
        var state = programmed.Report(subject.Key);
        var conditions = Conditions.Of(findings, state);
        return new ObjectStatus
        {
            Key = subject.Key,
            Uid = subject.Uid,
            Generation = JudgedGeneration(subject, findings),
            Target = subject.Target,
            Scopes = [new ScopeStatus(Parent: null, conditions)],
            Proxies = InForce(conditions, state.Proxies),
        };
    }

    /// <summary>The newest generation that was looked at: of a bad version whose predecessor keeps serving, the bad one's.</summary>
    public static long JudgedGeneration(StatusSubject subject, EquatableArray<Finding> findings) =>
        findings.Aggregate(subject.Generation, (newest, finding) => Math.Max(newest, finding.Object.Generation));

    /// <summary>A generation that is not accepted is in force nowhere, though the one before may be.</summary>
    public static ProxySummary InForce(EquatableArray<ConditionState> conditions, ProxySummary proxies) =>
        conditions[0].Status == Crds.V1Alpha1.ConditionStatus.False ? proxies with { Applied = 0 } : proxies;
}
