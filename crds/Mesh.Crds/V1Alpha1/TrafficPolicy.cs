// SPDX-License-Identifier: Apache-2.0
using k8s.Models;
using KubeOps.Abstractions.Entities;
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Features;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.Schema;

namespace Mesh.Crds.V1Alpha1;

[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = "v1alpha1", Kind = "TrafficPolicy", PluralName = "trafficpolicies")]
[EntityScope(EntityScope.Namespaced)]
[KubernetesEntityShortNames("tp")]
[Categories(ApiGroup.Category)]
[Description("How traffic to a service, or on a route, behaves. What is more specific wins feature by feature: section over Service or "
    + "route, route over Service, Service over Namespace, Namespace over Mesh. Two policies on one target: the older one wins.")]
[GenericAdditionalPrinterColumn(".status.summary.target", "Target", "string")]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Accepted\")].status", "Accepted", "string")]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Programmed\")].status", "Programmed", "string")]
[GenericAdditionalPrinterColumn(".status.summary.proxies", "Proxies", "string")]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Programmed\")].reason", "Reason", "string", Priority = PrinterColumnPriority.WideView)]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
public sealed class TrafficPolicy : CustomKubernetesEntity<TrafficPolicySpec, PolicyStatus>;

[Description("Targets, and the features that they get.")]
[ValidationRule("has(self.rules) || has(self.timeouts) || has(self.retries) || has(self.loadBalancing) || has(self.connectionLimits) "
    + "|| has(self.outlierDetection) || has(self.faultInjection)", message: "give at least one feature: a policy without any does nothing")]
[ValidationRule("!has(self.rules) || self.targetRefs.all(t, t.kind == 'Service')", message: "rules need targets of kind Service")]
[ValidationRule("self.targetRefs.all(t, t.kind in ['Service', 'Namespace']) || !(has(self.loadBalancing) || has(self.connectionLimits) "
    + "|| has(self.outlierDetection) || (has(self.timeouts) && has(self.timeouts.connect)) || (has(self.retries) && has(self.retries.budget)))",
    message: "loadBalancing, connectionLimits, outlierDetection, timeouts.connect and retries.budget belong to connections, which routes "
    + "share: target the Service")]
public sealed record TrafficPolicySpec : TrafficFeatures
{
    [Description("What the policy applies to, in the policy's own namespace.")]
    [Required]
    [Items(1, 16)]
    [ValidationRule("self.all(a, self.exists_one(b, a.group == b.group && a.kind == b.kind && a.name == b.name "
        + "&& (has(a.sectionName) ? a.sectionName : '') == (has(b.sectionName) ? b.sectionName : '')))", message: "a target is named twice")]
    public IReadOnlyList<PolicyTargetReference>? TargetRefs { get; init; }

    [Description("Routing rules as in an HTTPRoute whose parents are the targets; for clusters without Gateway API's CRDs.")]
    [Items(1, 16)]
    [ValidationRule(RouteRules.MatchCount, message: RouteRules.MatchCountMessage)]
    public IReadOnlyList<HTTPRouteRule>? Rules { get; init; }

    [Description("Faults put into a share of the requests.")]
    public FaultInjection? FaultInjection { get; init; }
}

[Description("An object of the policy's own namespace.")]
[ValidationRule("self.kind in ['HTTPRoute', 'GRPCRoute'] ? self.group == 'gateway.networking.k8s.io' : self.group == ''",
    message: "group must be \"gateway.networking.k8s.io\" for HTTPRoute and GRPCRoute, and \"\" for Service and Namespace")]
[ValidationRule("self.kind != 'Namespace' || !has(self.sectionName)", message: "a Namespace has no sections")]
public sealed record PolicyTargetReference
{
    [Description("API group: \"\" for Service and Namespace, \"gateway.networking.k8s.io\" for routes.")]
    [Length(0, 253)]
    [DefaultValue("\"\"", Json = true)]
    public string? Group { get; init; }

    [Description("Kind of the target.")]
    [Required]
    public PolicyTargetKind? Kind { get; init; }

    [Description("Name of the target; for a Namespace the policy's own.")]
    [Required]
    [Length(1, 253)]
    public string? Name { get; init; }

    [Description("Name (or number) of a Service's port, or name of a route's rule. Without a value: all of them.")]
    [Length(1, 253)]
    public string? SectionName { get; init; }
}

public enum PolicyTargetKind
{
    Service,
    Namespace,
    HTTPRoute,
    GRPCRoute,
}
