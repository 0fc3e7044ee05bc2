// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Building.Routes;

namespace Mesh.Operator.Status;

/// <summary>Status of an HTTPRoute or GRPCRoute: an entry for each Service parent; parents of other kinds are other controllers'.</summary>
internal static class RouteStatusReporter
{
    /// <returns>Null when no parent is ours.</returns>
    public static ObjectStatus? Report(StatusSubject subject, BuildResult built, ProgrammedReporter programmed)
    {
        var findings = built.Findings.GetValueOrDefault(subject.Key);
        var state = programmed.Report(subject.Key);
        var scopes = subject.Parents
            .Select((parent, position) => (parent, position))
            .Where(pair => ParentsBuilder.IsOurs(pair.parent))
            .Select(pair => new ScopeStatus(
                pair.parent,
                Conditions.Of(findings.Where(finding => finding.Parent is null || finding.Parent == pair.position).ToList(), state)))
            .ToEquatableArray();
        if (scopes.IsEmpty)
        {
            return null;
        }

        // In force at one parent is in force: the counts are of the best of them.
        var best = scopes.MinBy(scope => scope.Conditions[0].Status)!;
        return new ObjectStatus
        {
            Key = subject.Key,
            Uid = subject.Uid,
            Generation = PolicyStatusReporter.JudgedGeneration(subject, findings),
            Target = subject.Target,
            Scopes = scopes,
            Proxies = PolicyStatusReporter.InForce(best.Conditions, state.Proxies),
        };
    }
}
