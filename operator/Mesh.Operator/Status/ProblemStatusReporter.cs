// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Status;

/// <summary>
/// Status of what carries none of ours but has something wrong with it: a torn file, an object without any good version, a built-in kind.
/// </summary>
internal static class ProblemStatusReporter
{
    public static ObjectStatus Report(ObjectKey key, EquatableArray<Finding> findings)
    {
        var programmed = new ProgrammedState(
            new ConditionState(ConditionTypes.Programmed, ConditionStatus.False, Reasons.Invalid, "Not in force."),
            new ProxySummary(0, 0, 0),
            Generation: 0);
        return new ObjectStatus
        {
            Key = key,
            Generation = findings.Max(finding => finding.Object.Generation),
            Target = "-",
            Scopes = [new ScopeStatus(Parent: null, Conditions.Of(findings, programmed))],
            Proxies = programmed.Proxies,
        };
    }
}
