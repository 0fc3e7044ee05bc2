// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

/// <summary>What the filters of a rule or of a backend come to.</summary>
internal sealed class RuleFilters
{
    public HeaderChanges RequestHeaders { get; set; } = HeaderChanges.None;

    public HeaderChanges ResponseHeaders { get; set; } = HeaderChanges.None;

    public List<Mirror> Mirrors { get; } = [];

    public RouteAction.Redirect? Redirect { get; set; }

    public PathRewrite? PathRewrite { get; set; }

    public string? HostRewrite { get; set; }

    public bool HasRewrite => PathRewrite is not null || HostRewrite is not null;

    /// <summary>Some path is replaced by its prefix, so that the rule's matches must be prefixes.</summary>
    public bool ReplacesPrefix => PathRewrite is { IsPrefix: true } || Redirect?.Path is { IsPrefix: true };
}

internal static class HttpFilterBuilder
{
    public static RuleFilters Build(IReadOnlyList<HTTPRouteFilter?>? specs, string path, ReferenceScope scope, ProblemList problems)
    {
        var filters = new RuleFilters();
        var seen = new HashSet<HTTPRouteFilterType>();
        foreach (var (spec, itemPath, _) in SpecChecks.Each(specs, path, problems))
        {
            if (TypeOf(spec, itemPath, problems) is not { } type)
            {
                continue;
            }

            if (!seen.Add(type) && type != HTTPRouteFilterType.RequestMirror)
            {
                problems.Invalid(itemPath, $"a rule takes one {type} filter; put all changes into the first");
                continue;
            }

            Apply(spec, type, itemPath, (filters, scope, problems));
        }

        if (filters.Redirect is not null && filters.HasRewrite)
        {
            problems.Invalid(path, "RequestRedirect and URLRewrite exclude each other");
        }

        return filters;
    }

    /// <summary>A backend takes changes of headers; the other filters act before a backend is chosen.</summary>
    public static RuleFilters BuildForBackend(IReadOnlyList<HTTPRouteFilter?>? specs, string path, ProblemList problems)
    {
        var filters = new RuleFilters();
        var seen = new HashSet<HTTPRouteFilterType>();
        foreach (var (spec, itemPath, _) in SpecChecks.Each(specs, path, problems))
        {
            var type = TypeOf(spec, itemPath, problems);
            if (type is { } known && !seen.Add(known))
            {
                problems.Invalid(itemPath, $"a backend takes one {known} filter; put all changes into the first");
                continue;
            }

            switch (type)
            {
                case null:
                    break;
                case HTTPRouteFilterType.RequestHeaderModifier:
                    filters.RequestHeaders = HeaderChangesBuilder.Build(
                        spec.RequestHeaderModifier, $"{itemPath}.requestHeaderModifier", problems);
                    break;
                case HTTPRouteFilterType.ResponseHeaderModifier:
                    filters.ResponseHeaders = HeaderChangesBuilder.Build(
                        spec.ResponseHeaderModifier, $"{itemPath}.responseHeaderModifier", problems);
                    break;
                default:
                    problems.Unsupported(
                        $"{itemPath}.type", $"a {type} filter on a single backend is not supported; put it on the rule, or the backend into a rule of its own");
                    break;
            }
        }

        return filters;
    }

    private static HTTPRouteFilterType? TypeOf(HTTPRouteFilter spec, string path, ProblemList problems)
    {
        if (spec.Type is null)
        {
            problems.Invalid($"{path}.type", "is needed");
            return null;
        }

        if (Enum.IsDefined(spec.Type.Value))
        {
            return spec.Type;
        }

        problems.Unsupported($"{path}.type", $"a filter of type \"{spec.Type}\" is not supported");
        return null;
    }

    private static void Apply(
        HTTPRouteFilter spec, HTTPRouteFilterType type, string path, (RuleFilters Filters, ReferenceScope Scope, ProblemList Problems) into)
    {
        var (filters, scope, problems) = into;
        switch (type)
        {
            case HTTPRouteFilterType.RequestHeaderModifier:
                filters.RequestHeaders = HeaderChangesBuilder.Build(spec.RequestHeaderModifier, $"{path}.requestHeaderModifier", problems);
                break;
            case HTTPRouteFilterType.ResponseHeaderModifier:
                filters.ResponseHeaders = HeaderChangesBuilder.Build(spec.ResponseHeaderModifier, $"{path}.responseHeaderModifier", problems);
                break;
            case HTTPRouteFilterType.RequestMirror:
                if (MirrorBuilder.Build(spec.RequestMirror, $"{path}.requestMirror", scope, problems) is { } mirror)
                {
                    filters.Mirrors.Add(mirror);
                }

                break;
            case HTTPRouteFilterType.RequestRedirect:
                filters.Redirect = RedirectBuilder.Build(spec.RequestRedirect, $"{path}.requestRedirect", problems);
                break;
            case HTTPRouteFilterType.URLRewrite:
                (filters.PathRewrite, filters.HostRewrite) = RewriteBuilder.Build(spec.UrlRewrite, $"{path}.urlRewrite", problems);
                break;
        }
    }
}
