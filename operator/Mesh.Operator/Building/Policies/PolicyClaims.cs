// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Policies;

/// <summary>What is left of a policy or route after conflicts of policies.</summary>
/// <param name="Route">The rules that it wants to attach to services; null where it has none.</param>
/// <param name="Findings">Whom it has lost targets to.</param>
internal sealed record Claim(CompiledRoute? Route, EquatableArray<Finding> Findings);

internal static class PolicyClaims
{
    private const string OnlyTheFirst = "of the policies on one target only the first is in force; put all features into it";

    public static Claim? Build(ObjectKey key, Lookups lookups) => lookups.Reading switch
    {
        { Policy: { } policy } => Of(policy, lookups),
        { Route: { } route } => new Claim(route, []),
        _ => null,
    };

    private static Claim Of(CompiledPolicy policy, Lookups lookups)
    {
        var owned = policy.Targets.Select(target => (Target: target, Owner: lookups.PolicyAt(target.Key)?.Source ?? policy.Source)).ToArray();
        var won = owned.Where(pair => pair.Owner.Key == policy.Source.Key).Select(pair => pair.Target).ToArray();
        var findings = owned.Where(pair => pair.Owner.Key != policy.Source.Key).Select(pair => new Finding(
            policy.Source.Reference,
            Parent: null,
            FindingCondition.Accepted,
            Reasons.Conflicted,
            $"spec.targetRefs[{pair.Target.Index}]",
            $"{pair.Owner.NamespacedName} targets {pair.Target.Display} as well and {pair.Owner.Seniority(policy.Source)}: {OnlyTheFirst}",
            IsPartial: won.Length > 0));
        return new Claim(policy.Rules.Count > 0 && won.Length > 0 ? RouteOf(policy, won) : null, findings.ToEquatableArray());
    }

    private static CompiledRoute RouteOf(CompiledPolicy policy, PolicyTarget[] targets) => new()
    {
        Source = policy.Source,
        Kind = RouteKind.Http,
        Rules = policy.Rules,
        Attachments =
        [
            .. targets
                .SelectMany(target => target.Ports
                    .Where(port => port.CarriesHttp)
                    .Select(port => new Attachment(port.Name, ClientNamespace: null, target.Index)))
                .DistinctBy(attachment => attachment.Port),
        ],
        HasFeatures = !policy.Features.IsEmpty,
    };
}
