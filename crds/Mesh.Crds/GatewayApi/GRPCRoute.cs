// SPDX-License-Identifier: Apache-2.0
using k8s.Models;
using KubeOps.Abstractions.Entities;
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.GatewayApi;

/// <summary>Gateway API's GRPCRoute, as far as it concerns a mesh (Service parents); its CRD is Gateway API's own.</summary>
[KubernetesEntity(Group = GatewayApiGroup.Name, ApiVersion = "v1", Kind = "GRPCRoute", PluralName = "grpcroutes")]
[EntityScope(EntityScope.Namespaced)]
[Description("Routes of gRPC calls (Gateway API).")]
public sealed class GRPCRoute : CustomKubernetesEntity<GRPCRouteSpec, RouteStatus>;

[Description("Parents and rules.")]
[UnsupportedField("useDefaultGateways", "it concerns Gateways only")]
public sealed record GRPCRouteSpec
{
    [Description("The Services whose traffic is routed.")]
    [Items(0, 32)]
    [ValidationRule(RouteRules.UniqueParents, message: RouteRules.UniqueParentsMessage)]
    public IReadOnlyList<ParentReference>? ParentRefs { get; init; }

    [Description("Ignored for Service parents (GEP-1426).")]
    [Items(0, 16)]
    [Length(1, 253)]
    [Pattern(Patterns.Hostname)]
    public IReadOnlyList<string>? Hostnames { get; init; }

    [Description("Rules; without any, every call fails.")]
    [Items(0, 16)]
    [ValidationRule(RouteRules.MatchCount, message: RouteRules.MatchCountMessage)]
    public IReadOnlyList<GRPCRouteRule>? Rules { get; init; }
}

[Description("What happens to the calls that meet one of its matches.")]
[UnsupportedField("sessionPersistence", "set spec.loadBalancing.hashOn in a TrafficPolicy that targets the Service")]
public sealed record GRPCRouteRule
{
    [Description("Name of the rule, for sectionName of policies.")]
    [Length(1, 253)]
    [Pattern(Patterns.Subdomain)]
    public string? Name { get; init; }

    [Description("One of them must hold; without any, every call does.")]
    [Items(0, 64)]
    public IReadOnlyList<GRPCRouteMatch>? Matches { get; init; }

    [Description("Changes to calls and answers.")]
    [Items(0, 16)]
    [ValidationRule("self.filter(f, f.type == 'RequestHeaderModifier').size() <= 1", message: "one RequestHeaderModifier at most")]
    [ValidationRule("self.filter(f, f.type == 'ResponseHeaderModifier').size() <= 1", message: "one ResponseHeaderModifier at most")]
    public IReadOnlyList<GRPCRouteFilter>? Filters { get; init; }

    [Description("Where calls go, by weight.")]
    [Items(0, 16)]
    public IReadOnlyList<GRPCBackendRef>? BackendRefs { get; init; }
}

[Description("All parts must hold.")]
public sealed record GRPCRouteMatch
{
    [Description("Service and method.")]
    public GRPCMethodMatch? Method { get; init; }

    [Description("Metadata.")]
    [Items(0, 16)]
    [XListMapKeys("name")]
    public IReadOnlyList<HTTPHeaderMatch>? Headers { get; init; }
}

[Description("Match of service and method.")]
[ValidationRule("has(self.service) || has(self.method)", message: "give service, method or both")]
[ValidationRule("self.type != 'Exact' || !has(self.service) || self.service.matches('^\\\\.?[A-Za-z_][A-Za-z_0-9]*(\\\\.[A-Za-z_][A-Za-z_0-9]*)*\\\\z')",
    message: "service must be the full name of a gRPC service, \"shop.v1.Cart\" say")]
[ValidationRule("self.type != 'Exact' || !has(self.method) || self.method.matches('^[A-Za-z_][A-Za-z_0-9]*\\\\z')",
    message: "method must be the name of a gRPC method, \"AddItem\" say")]
public sealed record GRPCMethodMatch
{
    [Description("Kind of match.")]
    [DefaultValue("\"Exact\"", Json = true)]
    public ValueMatchType? Type { get; init; }

    [Description("Full name of the service, package included; without a value every service.")]
    [Length(0, 1024)]
    public string? Service { get; init; }

    [Description("Name of the method; without a value every method.")]
    [Length(0, 1024)]
    public string? Method { get; init; }
}

public enum GRPCRouteFilterType
{
    RequestHeaderModifier,
    ResponseHeaderModifier,
    RequestMirror,
}

[Description("One change; the field named like its type must be given and no other.")]
[ValidationRule("has(self.requestHeaderModifier) == (self.type == 'RequestHeaderModifier')",
    message: "requestHeaderModifier belongs to type RequestHeaderModifier, and that type needs it")]
[ValidationRule("has(self.responseHeaderModifier) == (self.type == 'ResponseHeaderModifier')",
    message: "responseHeaderModifier belongs to type ResponseHeaderModifier, and that type needs it")]
[ValidationRule("has(self.requestMirror) == (self.type == 'RequestMirror')",
    message: "requestMirror belongs to type RequestMirror, and that type needs it")]
[UnsupportedField("extensionRef", "use the filters of Gateway API itself")]
public sealed record GRPCRouteFilter
{
    [Description("Kind of change.")]
    [Required]
    [UnsupportedValues("ExtensionRef")]
    public GRPCRouteFilterType? Type { get; init; }

    [Description("Changes of request metadata.")]
    public HTTPHeaderFilter? RequestHeaderModifier { get; init; }

    [Description("Changes of response metadata.")]
    public HTTPHeaderFilter? ResponseHeaderModifier { get; init; }

    [Description("A copy of the call goes elsewhere too.")]
    public HTTPRequestMirrorFilter? RequestMirror { get; init; }
}

[Description("A backend with its share of the calls.")]
public sealed record GRPCBackendRef : BackendReference
{
    [Description("Changes to what goes to and comes from this backend only.")]
    [Items(0, 16)]
    [ValidationRule("self.filter(f, f.type == 'RequestHeaderModifier').size() <= 1", message: "one RequestHeaderModifier at most")]
    [ValidationRule("self.filter(f, f.type == 'ResponseHeaderModifier').size() <= 1", message: "one ResponseHeaderModifier at most")]
    public IReadOnlyList<GRPCRouteFilter>? Filters { get; init; }
}
