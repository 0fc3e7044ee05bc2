// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Features;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Policies;

/// <summary>Reads one TrafficPolicy. Whatever is invalid in it refuses the whole.</summary>
internal static class PolicyBuilder
{
    private const int NamedPorts = 3;

    /// <summary>Without a policy, but with findings, where it is invalid or has no effect anywhere.</summary>
    public static Reading Build(ObjectKey key, TrafficPolicy policy, Lookups lookups)
    {
        var findings = new FindingList(UserObject.Of(key, policy));
        var compiled = Build(key, policy, lookups, findings);
        return new Reading(findings.Items.ToEquatableArray()) { Policy = compiled };
    }

    private static CompiledPolicy? Build(ObjectKey key, TrafficPolicy policy, Lookups lookups, FindingList findings)
    {
        var source = UserObject.Of(key, policy);
        var spec = policy.Spec ?? new TrafficPolicySpec();
        var problems = new ProblemList();
        var features = FeatureSetBuilder.Build(source.Reference, spec, spec.FaultInjection, ("spec", problems));
        var rules = HttpRulesBuilder.Build(spec.Rules, "spec.rules", new ReferenceScope(key.Namespace, lookups), problems);
        var (found, missing) = new TargetsBuilder(lookups).Build(key.Namespace, spec.TargetRefs, problems);
        CheckFit(spec, problems);
        findings.Add(problems, isPartial: false);
        if (problems.Refusals > 0)
        {
            return null;
        }

        foreach (var target in missing)
        {
            findings.Add(Partial(source, Reasons.TargetNotFound, target.Path, target.Message) with { IsPartial = found.Count > 0 });
        }

        var compiled = new CompiledPolicy
        {
            Source = source,
            Features = features,
            Rules = rules,
            Targets = found,
            HttpFields = HttpFields.Of(spec),
        };
        return found.Count > 0 && HasListeners(compiled, lookups, findings) && IsEnforceable(compiled, findings) ? compiled : null;
    }

    private static void CheckFit(TrafficPolicySpec spec, ProblemList problems)
    {
        var hasFeature = spec.Rules is { Count: > 0 } || spec.Timeouts is not null || spec.Retries is not null || spec.LoadBalancing is not null
            || spec.ConnectionLimits is not null || spec.OutlierDetection is not null || spec.FaultInjection is not null;
        if (!hasFeature)
        {
            problems.Invalid("spec", "give at least one feature: a policy without any does nothing");
        }

        var kinds = (spec.TargetRefs ?? []).Select(target => target?.Kind).ToArray();
        if (spec.Rules is { Count: > 0 } && kinds.Any(kind => kind is not PolicyTargetKind.Service))
        {
            problems.Invalid("spec.rules", "rules need targets of kind Service");
        }

        if (!kinds.Any(kind => kind is PolicyTargetKind.HTTPRoute or PolicyTargetKind.GRPCRoute))
        {
            return;
        }

        foreach (var (isUsed, field) in new[]
        {
            (spec.LoadBalancing is not null, "loadBalancing"),
            (spec.ConnectionLimits is not null, "connectionLimits"),
            (spec.OutlierDetection is not null, "outlierDetection"),
            (spec.Timeouts?.Connect is not null, "timeouts.connect"),
            (spec.Retries?.Budget is not null, "retries.budget"),
        })
        {
            if (isUsed)
            {
                problems.Invalid($"spec.{field}", $"{field} belongs to connections, which routes share: target the Service");
            }
        }
    }

    /// <summary>Whoever is not called by an address of the mesh is out of its reach, in whole or in part, and that must be said.</summary>
    private static bool HasListeners(CompiledPolicy policy, Lookups lookups, FindingList findings)
    {
        var services = policy.Targets
            .Where(target => target.Key.Kind == PolicyTargetKind.Service)
            .Select(target => (target.Index, Service: lookups.Service(new ServiceName(target.Key.Namespace, target.Key.Name))))
            .ToArray();
        var isNowhere = services.Length == policy.Targets.Count && Array.TrueForAll(services, target => target.Service?.Kind == ServiceKind.ExternalName);
        foreach (var (index, service) in services)
        {
            var path = $"spec.targetRefs[{index}]";
            switch (service?.Kind)
            {
                case ServiceKind.ExternalName:
                    var unknown = Partial(
                        policy.Source, Reasons.Unenforceable, path, $"Service {service.Name} is of type ExternalName: its clients connect to another name, "
                        + "of which the mesh knows no endpoint");
                    findings.Add(unknown with { IsPartial = !isNowhere });
                    break;
                case ServiceKind.Headless:
                    findings.Add(Partial(
                        policy.Source, Reasons.Unenforceable, path, $"Service {service.Name} is headless: its clients connect to its pods' own addresses, past "
                        + "every policy; this applies to requests that a route sends there, and to gRPC clients without a proxy"));
                    break;
            }
        }

        return !isNowhere;
    }

    /// <summary>A rule for requests on a port that carries bytes must not be passed over in silence.</summary>
    private static bool IsEnforceable(CompiledPolicy policy, FindingList findings)
    {
        // A route's requests are HTTP by nature; a Namespace may have no service yet.
        var ports = policy.Targets.SelectMany(target => target.Ports).DistinctBy(port => port.Name).OrderBy(port => port.Name).ToArray();
        var opaque = ports.Where(port => !port.CarriesHttp).ToArray();
        if (opaque.Length == 0)
        {
            return true;
        }

        var isNowhere = opaque.Length == ports.Length
            && policy.Targets.All(target => target.Key.Kind is PolicyTargetKind.Service or PolicyTargetKind.Namespace);
        foreach (var field in policy.HttpFields)
        {
            findings.Add(Partial(policy.Source, Reasons.Unenforceable, field, Message(field, opaque)) with { IsPartial = !isNowhere });
        }

        return !isNowhere || policy.HttpFields.Count == 0;
    }

    private static string Message(string field, CatalogPort[] opaque)
    {
        var named = string.Join(", ", opaque.Take(NamedPorts).Select(port => port.Name.ToString()));
        var more = opaque.Length > NamedPorts ? $" and {opaque.Length - NamedPorts} more" : "";
        return $"{field["spec.".Length..]} works on requests, but {named}{more} is declared to be no HTTP (appProtocol or port name) and is "
            + "carried as bytes";
    }

    private static Finding Partial(UserObject source, string reason, string path, string message) =>
        new(source.Reference, Parent: null, FindingCondition.Accepted, reason, path, message, IsPartial: true);
}
