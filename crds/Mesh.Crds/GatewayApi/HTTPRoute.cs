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

[Description("What is wanted.")]
public sealed record HTTPRouteSpec
{
    [Description("The Services whose traffic is routed.")]
    [Items(0, 32)]
    public IReadOnlyList<ParentReference>? ParentRefs { get; init; }

    [Description("Ignored for Service parents (GEP-1426).")]
    [Items(0, 16)]
    public IReadOnlyList<string>? Hostnames { get; init; }

    [Description("Rules; without any, everything goes to no backend.")]
    [Items(0, 16)]
    public IReadOnlyList<HTTPRouteRule>? Rules { get; init; }
}

[Description("What happens to the requests that meet one of its matches.")]
public sealed record HTTPRouteRule
{
    [Description("Name of the rule, for sectionName of policies.")]
    [Length(1, 253)]
    [Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    public string? Name { get; init; }

    [Description("One of them must hold; without any, every request does.")]
    [Items(0, 64)]
    public IReadOnlyList<HTTPRouteMatch>? Matches { get; init; }

    [Description("Changes to requests and answers.")]
    [Items(0, 16)]
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
    [Description("Path; without a value every path.")]
    public HTTPPathMatch? Path { get; init; }

    [Description("Headers.")]
    [Items(0, 16)]
    public IReadOnlyList<HTTPHeaderMatch>? Headers { get; init; }

    [Description("Query parameters.")]
    [Items(0, 16)]
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
[ValidationRule("self.type == 'RegularExpression' || (!self.value.contains('#') && !self.value.contains('?'))",
    message: "value must not contain \"?\" or \"#\": a path ends before them")]
public sealed record HTTPPathMatch
{
    [Description("Kind of match.")]
    [Default("\"PathPrefix\"")]
    public PathMatchType? Type { get; init; }

    [Description("The path, prefix or expression (RE2).")]
    [Length(0, 1024)]
    [Default("\"/\"")]
    public string? Value { get; init; }
}

[Description("Match of a header.")]
public sealed record HTTPHeaderMatch
{
    [Description("Kind of match.")]
    [Default("\"Exact\"")]
    public ValueMatchType? Type { get; init; }

    [Description("Name, case-insensitive.")]
    [Required]
    [Length(1, 256)]
    [Pattern("^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$")]
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
    [Default("\"Exact\"")]
    public ValueMatchType? Type { get; init; }

    [Description("Name, case-sensitive.")]
    [Required]
    [Length(1, 256)]
    [Pattern("^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$")]
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
