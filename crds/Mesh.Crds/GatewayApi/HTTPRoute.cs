// SPDX-License-Identifier: Apache-2.0
using k8s.Models;
using KubeOps.Abstractions.Entities;
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.GatewayApi;

/// <summary>Gateway API's HTTPRoute, as far as it concerns a mesh (Service parents); its CRD is Gateway API's own.</summary>
[KubernetesEntity(Group = GatewayApiGroup.Name, ApiVersion = "v1", Kind = "HTTPRoute", PluralName = "httproutes")]
[EntityScope(EntityScope.Namespaced)]
[Description("Routes of HTTP requests (Gateway API).")]
public sealed class HTTPRoute : CustomKubernetesEntity<HTTPRouteSpec, RouteStatus>;

[Description("Parents and rules.")]
[UnsupportedField("useDefaultGateways", "it concerns Gateways only")]
public sealed record HTTPRouteSpec
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

    [Description("Rules; without a value one that meets every request and has no backend.")]
    [Items(1, 16)]
    [DefaultValue("[{\"matches\":[{\"path\":{\"type\":\"PathPrefix\",\"value\":\"/\"}}]}]", Json = true)]
    [ValidationRule(RouteRules.MatchCount, message: RouteRules.MatchCountMessage)]
    public IReadOnlyList<HTTPRouteRule>? Rules { get; init; }
}

[Description("What happens to the requests that meet one of its matches.")]
[ValidationRule("!has(self.backendRefs) || size(self.backendRefs) == 0 || !has(self.filters) || self.filters.all(f, !has(f.requestRedirect))",
    message: "a rule with a RequestRedirect must not have backendRefs: its requests reach no backend")]
[ValidationRule("!has(self.filters) || !self.filters.exists(f, " + RouteRules.ReplacesPrefix + ") || " + RouteRules.HasOnePrefix,
    message: "replacePrefixMatch needs exactly one match, of path type PathPrefix: it tells which prefix is replaced")]
[ValidationRule("!has(self.backendRefs) || !self.backendRefs.exists(b, has(b.filters) && b.filters.exists(f, " + RouteRules.ReplacesPrefix
    + ")) || " + RouteRules.HasOnePrefix,
    message: "replacePrefixMatch in a backend's filters needs exactly one match in the rule, of path type PathPrefix")]
[UnsupportedField("retry", "set spec.retries in a TrafficPolicy that targets the route")]
[UnsupportedField("sessionPersistence", "set spec.loadBalancing.hashOn in a TrafficPolicy that targets the Service")]
public sealed record HTTPRouteRule
{
    [Description("Name of the rule, for sectionName of policies.")]
    [Length(1, 253)]
    [Pattern(Patterns.Subdomain)]
    public string? Name { get; init; }

    [Description("One of them must hold; without any, every request does.")]
    [Items(0, 64)]
    [DefaultValue("[{\"path\":{\"type\":\"PathPrefix\",\"value\":\"/\"}}]", Json = true)]
    public IReadOnlyList<HTTPRouteMatch>? Matches { get; init; }

    [Description("Changes to requests and answers.")]
    [Items(0, 16)]
    [ValidationRule("self.filter(f, f.type == 'RequestHeaderModifier').size() <= 1", message: "one RequestHeaderModifier at most")]
    [ValidationRule("self.filter(f, f.type == 'ResponseHeaderModifier').size() <= 1", message: "one ResponseHeaderModifier at most")]
    [ValidationRule("self.filter(f, f.type == 'RequestRedirect').size() <= 1", message: "one RequestRedirect at most")]
    [ValidationRule("self.filter(f, f.type == 'URLRewrite').size() <= 1", message: "one URLRewrite at most")]
    [ValidationRule("!self.exists(f, f.type == 'RequestRedirect') || !self.exists(f, f.type == 'URLRewrite')",
        message: "a request is either redirected or rewritten: give RequestRedirect or URLRewrite")]
    public IReadOnlyList<HTTPRouteFilter>? Filters { get; init; }

    [Description("Where requests go, by weight.")]
    [Items(0, 16)]
    public IReadOnlyList<HTTPBackendRef>? BackendRefs { get; init; }

    [Description("Time limits.")]
    public HTTPRouteTimeouts? Timeouts { get; init; }
}

[Description("All parts must hold.")]
public sealed record HTTPRouteMatch
{
    [Description("Path.")]
    [DefaultValue("{\"type\":\"PathPrefix\",\"value\":\"/\"}", Json = true)]
    public HTTPPathMatch? Path { get; init; }

    [Description("Headers.")]
    [Items(0, 16)]
    [XListMapKeys("name")]
    public IReadOnlyList<HTTPHeaderMatch>? Headers { get; init; }

    [Description("Query parameters.")]
    [Items(0, 16)]
    [XListMapKeys("name")]
    public IReadOnlyList<HTTPQueryParamMatch>? QueryParams { get; init; }

    [Description("HTTP method.")]
    public HTTPMethod? Method { get; init; }
}

public enum PathMatchType
{
    Exact,
    PathPrefix,
    RegularExpression,
}

public enum ValueMatchType
{
    Exact,
    RegularExpression,
}

public enum HTTPMethod
{
    GET,
    HEAD,
    POST,
    PUT,
    DELETE,
    CONNECT,
    OPTIONS,
    TRACE,
    PATCH,
}

[Description("Match of a path.")]
[ValidationRule("self.type == 'RegularExpression' || self.value.startsWith('/')", message: "value must start with \"/\"")]
[ValidationRule("self.type == 'RegularExpression' || !self.value.contains('//')", message: "value must not contain \"//\"")]
[ValidationRule("self.type == 'RegularExpression' || !(self.value.contains('/./') || self.value.contains('/../') "
    + "|| self.value.endsWith('/.') || self.value.endsWith('/..'))", message: "value must not contain the segments \".\" and \"..\"")]
[ValidationRule("self.type == 'RegularExpression' || !(self.value.contains('%2f') || self.value.contains('%2F'))",
    message: "value must not contain an encoded slash (%2F)")]
[ValidationRule("self.type == 'RegularExpression' || " + RouteRules.HasPathCharacters,
    message: "value must be a path as RFC 3986 writes it: no \"?\" and no \"#\", other characters than its own percent-encoded")]
public sealed record HTTPPathMatch
{
    [Description("Kind of match.")]
    [DefaultValue("\"PathPrefix\"", Json = true)]
    public PathMatchType? Type { get; init; }

    [Description("The path, prefix or expression (RE2).")]
    [Length(0, 1024)]
    [DefaultValue("\"/\"", Json = true)]
    public string? Value { get; init; }
}

[Description("Match of a header.")]
public sealed record HTTPHeaderMatch
{
    [Description("Kind of match.")]
    [DefaultValue("\"Exact\"", Json = true)]
    public ValueMatchType? Type { get; init; }

    [Description("Name, case-insensitive.")]
    [Required]
    [Length(1, 256)]
    [Pattern(Patterns.HeaderName)]
    public string? Name { get; init; }

    [Description("Value or expression (RE2).")]
    [Required]
    [Length(1, 4096)]
    public string? Value { get; init; }
}

[Description("Match of a query parameter.")]
public sealed record HTTPQueryParamMatch
{
    [Description("Kind of match.")]
    [DefaultValue("\"Exact\"", Json = true)]
    public ValueMatchType? Type { get; init; }

    [Description("Name, case-sensitive.")]
    [Required]
    [Length(1, 256)]
    [Pattern(Patterns.HeaderName)]
    public string? Name { get; init; }

    [Description("Value or expression (RE2).")]
    [Required]
    [Length(1, 1024)]
    public string? Value { get; init; }
}

[Description("A backend with its share of the requests.")]
public sealed record HTTPBackendRef : BackendReference
{
    [Description("Changes to what goes to and comes from this backend only.")]
    [Items(0, 16)]
    [ValidationRule("self.filter(f, f.type == 'RequestHeaderModifier').size() <= 1", message: "one RequestHeaderModifier at most")]
    [ValidationRule("self.filter(f, f.type == 'ResponseHeaderModifier').size() <= 1", message: "one ResponseHeaderModifier at most")]
    [ValidationRule("self.filter(f, f.type == 'RequestRedirect').size() <= 1", message: "one RequestRedirect at most")]
    [ValidationRule("self.filter(f, f.type == 'URLRewrite').size() <= 1", message: "one URLRewrite at most")]
    [ValidationRule("!self.exists(f, f.type == 'RequestRedirect') || !self.exists(f, f.type == 'URLRewrite')",
        message: "a request is either redirected or rewritten: give RequestRedirect or URLRewrite")]
    public IReadOnlyList<HTTPRouteFilter>? Filters { get; init; }
}

[Description("Time limits (GEP-1742).")]
[ValidationRule("!(has(self.request) && has(self.backendRequest) && duration(self.request) != duration('0s') "
    + "&& duration(self.backendRequest) > duration(self.request))", message: "backendRequest must not be longer than request")]
public sealed record HTTPRouteTimeouts
{
    [Description("The whole request, all retries included; \"0s\" is no limit.")]
    [Duration]
    public string? Request { get; init; }

    [Description("One try to a backend; \"0s\" is no limit.")]
    [Duration]
    public string? BackendRequest { get; init; }
}
