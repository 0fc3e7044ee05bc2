// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Status;

/// <summary>Status of what could not be read at all (a torn file, an object without any good version), or of a built-in kind with an error.</summary>
internal static class ProblemStatusReporter
{
    public static ObjectStatus Report(ObjectKey key, EquatableArray<SourceProblem> problems)
    {
        var generation = problems.IsEmpty ? 0 : problems.Max(problem => problem.Generation);
        var findings = problems
            .Select(problem => Finding(key, problem))
            .ToList();
        var programmed = new ProgrammedState(
            new ConditionState(ConditionTypes.Programmed, ConditionStatus.False, Reasons.Invalid, "Not in force."), new ProxySummary(0, 0, 0));
        return new ObjectStatus
        {
            Key = key,
            Generation = generation,
            Target = "-",
            Scopes = [new ScopeStatus(Parent: null, Conditions.Of(findings, programmed))],
            Proxies = new ProxySummary(0, 0, 0),
        };
    }

    private static Finding Finding(ObjectKey key, SourceProblem problem)
    {
        var place = problem.Line > 0 ? $"{problem.File}:{problem.Line}" : problem.File;
        var message = place.Length == 0 ? problem.Message : $"{problem.Message} ({place})";
        return new Finding(
            new ResourceRef(key.Kind, key.Namespace, key.Name, problem.Generation),
            Parent: null,
            FindingCondition.Accepted,
            Reasons.Invalid,
            problem.Path,
            message);
    }
}
