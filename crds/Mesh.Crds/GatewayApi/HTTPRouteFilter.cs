// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.GatewayApi;

public enum HTTPRouteFilterType
{
    RequestHeaderModifier,
    ResponseHeaderModifier,
    RequestMirror,
    RequestRedirect,
    URLRewrite,
}

[Description("One change; the field named like its type must be given and no other.")]
[ValidationRule("has(self.requestHeaderModifier) == (self.type == 'RequestHeaderModifier')",
    message: "requestHeaderModifier belongs to type RequestHeaderModifier, and that type needs it")]
[ValidationRule("has(self.responseHeaderModifier) == (self.type == 'ResponseHeaderModifier')",
    message: "responseHeaderModifier belongs to type ResponseHeaderModifier, and that type needs it")]
[ValidationRule("has(self.requestMirror) == (self.type == 'RequestMirror')",
    message: "requestMirror belongs to type RequestMirror, and that type needs it")]
[ValidationRule("has(self.requestRedirect) == (self.type == 'RequestRedirect')",
    message: "requestRedirect belongs to type RequestRedirect, and that type needs it")]
[ValidationRule("has(self.urlRewrite) == (self.type == 'URLRewrite')", message: "urlRewrite belongs to type URLRewrite, and that type needs it")]
[UnsupportedField("cors", "answer CORS preflights in the service")]
[UnsupportedField("externalAuth", "authorise requests in the service")]
[UnsupportedField("extensionRef", "use the filters of Gateway API itself")]
public sealed record HTTPRouteFilter
{
    [Description("Kind of change.")]
    [Required]
    [UnsupportedValues("CORS", "ExternalAuth", "ExtensionRef")]
    public HTTPRouteFilterType? Type { get; init; }

    [Description("Changes of request headers.")]
    public HTTPHeaderFilter? RequestHeaderModifier { get; init; }

    [Description("Changes of response headers.")]
    public HTTPHeaderFilter? ResponseHeaderModifier { get; init; }

    [Description("A copy of the request goes elsewhere too.")]
    public HTTPRequestMirrorFilter? RequestMirror { get; init; }

    [Description("The answer is a redirect.")]
    public HTTPRequestRedirectFilter? RequestRedirect { get; init; }

    [Description("Changes of path and host.")]
    public HTTPURLRewriteFilter? UrlRewrite { get; init; }
}

[Description("Changes of headers.")]
public sealed record HTTPHeaderFilter
{
    [Description("Headers that get this value in place of any they have.")]
    [Items(0, 16)]
    [XListMapKeys("name")]
    public IReadOnlyList<HTTPHeader>? Set { get; init; }

    [Description("Headers that get this value beside those they have.")]
    [Items(0, 16)]
    [XListMapKeys("name")]
    public IReadOnlyList<HTTPHeader>? Add { get; init; }

    [Description("Headers to take away, case-insensitive.")]
    [Items(0, 16)]
    [XListType(XListType.Set)]
    public IReadOnlyList<string>? Remove { get; init; }
}

[Description("A header.")]
public sealed record HTTPHeader
{
    [Description("Name, case-insensitive.")]
    [Required]
    [Length(1, 256)]
    [Pattern(Patterns.HeaderName)]
    public string? Name { get; init; }

    [Description("Value.")]
    [Required]
    [Length(1, 4096)]
    public string? Value { get; init; }
}

[Description("Where copies go, and of how many requests.")]
[ValidationRule("!(has(self.percent) && has(self.fraction))", message: "give percent or fraction, not both")]
public sealed record HTTPRequestMirrorFilter
{
    [Description("Where copies go.")]
    [Required]
    public BackendObjectReference? BackendRef { get; init; }

    [Description("Share of the requests in percent; all without a value.")]
    [RangeMinimum(0)]
    [RangeMaximum(100)]
    public int? Percent { get; init; }

    [Description("Share of the requests as a fraction.")]
    public Fraction? Fraction { get; init; }
}

[Description("A fraction.")]
[ValidationRule("self.numerator <= self.denominator", message: "numerator must not be greater than denominator")]
public sealed record Fraction
{
    [Description("Above the line.")]
    [Required]
    [RangeMinimum(0)]
    public int? Numerator { get; init; }

    [Description("Below the line.")]
    [RangeMinimum(1)]
    [DefaultValue("100", Json = true)]
    public int? Denominator { get; init; }
}

public enum RedirectScheme
{
    http,
    https,
}

[Description("The redirect; what is not given is taken over from the request.")]
public sealed record HTTPRequestRedirectFilter
{
    [Description("Scheme of the new address.")]
    public RedirectScheme? Scheme { get; init; }

    [Description("Host of the new address.")]
    [Length(1, 253)]
    [Pattern(Patterns.Subdomain)]
    public string? Hostname { get; init; }

    [Description("Path of the new address.")]
    public HTTPPathModifier? Path { get; init; }

    [Description("Port of the new address; without a value the scheme's own where a scheme is given, else the request's.")]
    [RangeMinimum(1)]
    [RangeMaximum(65535)]
    public int? Port { get; init; }

    [Description("301, 302, 303, 307 or 308.")]
    [ValidationRule("self in [301, 302, 303, 307, 308]", message: "statusCode must be 301, 302, 303, 307 or 308")]
    [DefaultValue("302", Json = true)]
    public int? StatusCode { get; init; }
}

[Description("Changes of path and host before a request goes on.")]
public sealed record HTTPURLRewriteFilter
{
    [Description("The Host that the backend sees.")]
    [Length(1, 253)]
    [Pattern(Patterns.Subdomain)]
    public string? Hostname { get; init; }

    [Description("The path that the backend sees.")]
    public HTTPPathModifier? Path { get; init; }
}

public enum PathModifierType
{
    ReplaceFullPath,
    ReplacePrefixMatch,
}

[Description("Replacement of a path.")]
[ValidationRule("has(self.replaceFullPath) == (self.type == 'ReplaceFullPath')",
    message: "replaceFullPath belongs to type ReplaceFullPath, and that type needs it")]
[ValidationRule("has(self.replacePrefixMatch) == (self.type == 'ReplacePrefixMatch')",
    message: "replacePrefixMatch belongs to type ReplacePrefixMatch, and that type needs it")]
public sealed record HTTPPathModifier
{
    [Description("Kind of replacement.")]
    [Required]
    public PathModifierType? Type { get; init; }

    [Description("The new path.")]
    [Length(0, 1024)]
    public string? ReplaceFullPath { get; init; }

    [Description("What stands in place of the matched prefix; the rule's matches must be path prefixes.")]
    [Length(0, 1024)]
    public string? ReplacePrefixMatch { get; init; }
}
