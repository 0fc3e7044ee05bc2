// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Services;

namespace Mesh.Operator.Building.Policies;

/// <summary>A target that does not exist.</summary>
internal sealed record MissingTarget(string Path, string Message);

/// <summary>Finds what a policy's targetRefs name, in the policy's own namespace.</summary>
internal sealed class TargetsBuilder(Lookups lookups)
{
    public (IReadOnlyList<PolicyTarget> Found, IReadOnlyList<MissingTarget> Missing) Build(
        string policyNamespace, IReadOnlyList<PolicyTargetReference>? specs, ProblemList problems)
    {
        if (specs is not { Count: > 0 })
        {
            problems.Invalid("spec.targetRefs", "give at least one target");
        }

        var found = new List<PolicyTarget>();
        var missing = new List<MissingTarget>();
        foreach (var (spec, path, index) in SpecChecks.Each(specs, "spec.targetRefs", problems))
        {
            if (!IsWellFormed(spec, path, problems) || spec is not { Kind: { } kind, Name: { } name })
            {
                continue;
            }

            var wanted = new TargetKey(kind, policyNamespace, name, spec.SectionName ?? "");
            var problem = Find(wanted, path, out var key, out var ports);
            if (problem is null)
            {
                found.Add(new PolicyTarget(index, key, Display(wanted), ports));
            }
            else
            {
                missing.Add(problem);
            }
        }

        // One target named twice (a port by name and by number, say) is one.
        return ([.. found.DistinctBy(target => target.Key)], missing);
    }

    /// <summary>What is said of a target of kind Namespace that is another one than the policy's.</summary>
    public static string OwnNamespaceOnly(string policyNamespace) => $"a policy can target its own Namespace only, which is \"{policyNamespace}\"";

    private static string Display(TargetKey key) =>
        key.Section.Length == 0 ? $"{key.Kind}/{key.Name}" : $"{key.Kind}/{key.Name} ({key.Section})";

    private static bool IsWellFormed(PolicyTargetReference spec, string path, ProblemList problems)
    {
        var before = problems.Refusals;
        var kind = SpecChecks.Known(spec.Kind, $"{path}.kind", problems);
        if (spec.Kind is null)
        {
            problems.Invalid($"{path}.kind", "is needed");
        }

        if (string.IsNullOrEmpty(spec.Name))
        {
            problems.Invalid($"{path}.name", "is needed");
        }

        if (kind is { } known)
        {
            var isRoute = known is PolicyTargetKind.HTTPRoute or PolicyTargetKind.GRPCRoute;
            var group = isRoute ? GatewayApiGroup.Name : "";
            if ((spec.Group ?? "") != group)
            {
                problems.Invalid($"{path}.group", $"must be \"{group}\" for kind {known}");
            }

            if (known == PolicyTargetKind.Namespace && !string.IsNullOrEmpty(spec.SectionName))
            {
                problems.Invalid($"{path}.sectionName", "a Namespace has no sections");
            }
        }

        return problems.Refusals == before;
    }

    private MissingTarget? Find(TargetKey wanted, string path, out TargetKey key, out IReadOnlyList<CatalogPort> ports)
    {
        key = wanted;
        ports = [];
        switch (wanted.Kind)
        {
            case PolicyTargetKind.Namespace:
                ports = [.. lookups.ServicesIn(wanted.Namespace).SelectMany(service => service.Ports)];
                return wanted.Name == wanted.Namespace
                    ? null
                    : new MissingTarget($"{path}.name", OwnNamespaceOnly(wanted.Namespace));
            case PolicyTargetKind.Service:
                return FindService(wanted, path, out key, out ports);
            case PolicyTargetKind.HTTPRoute:
                return FindRule(wanted, path, lookups.HttpRoute(wanted.Object) is { } http
                    ? (http.Spec?.Rules ?? []).Select(rule => rule?.Name)
                    : null);
            case PolicyTargetKind.GRPCRoute:
            default:
                return FindRule(wanted, path, lookups.GrpcRoute(wanted.Object) is { } grpc
                    ? (grpc.Spec?.Rules ?? []).Select(rule => rule?.Name)
                    : null);
        }
    }

    private MissingTarget? FindService(TargetKey wanted, string path, out TargetKey key, out IReadOnlyList<CatalogPort> ports)
    {
        (key, ports) = (wanted, []);
        if (lookups.Service(new ServiceName(wanted.Namespace, wanted.Name)) is not { } service)
        {
            return new MissingTarget($"{path}.name", $"Service {wanted.Namespace}/{wanted.Name} does not exist");
        }

        if (wanted.Section.Length == 0)
        {
            ports = [.. service.Ports];
            return null;
        }

        var port = service.Port(wanted.Section)
            ?? (int.TryParse(wanted.Section, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? service.Port(number) : null);
        if (port is null)
        {
            return new MissingTarget(
                $"{path}.sectionName", $"Service {service.Name} has no TCP port \"{wanted.Section}\"; it has {service.PortList}");
        }

        key = wanted with { Section = port.Name.Port.ToString(CultureInfo.InvariantCulture) };
        ports = [port];
        return null;
    }

    private static MissingTarget? FindRule(TargetKey wanted, string path, IEnumerable<string?>? ruleNames)
    {
        if (ruleNames is null)
        {
            return new MissingTarget($"{path}.name", $"{wanted.Kind} {wanted.Namespace}/{wanted.Name} does not exist");
        }

        if (wanted.Section.Length == 0)
        {
            return null;
        }

        var names = ruleNames.Where(name => !string.IsNullOrEmpty(name)).ToArray();
        return names.Contains(wanted.Section, StringComparer.Ordinal)
            ? null
            : new MissingTarget(
                $"{path}.sectionName",
                $"{wanted.Kind} {wanted.Namespace}/{wanted.Name} has no rule named \"{wanted.Section}\"; "
                + (names.Length == 0 ? "its rules have no names" : $"it has {string.Join(", ", names)}"));
    }
}
