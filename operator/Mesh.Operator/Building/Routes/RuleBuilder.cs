// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Model.Routing;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

/// <summary>A rule of either kind of route, with its matches read already.</summary>
internal sealed record RuleSpec
{
    public required int Index { get; init; }

    public required string? Name { get; init; }

    public required IReadOnlyList<CompiledMatch> Matches { get; init; }

    public required IReadOnlyList<HTTPRouteFilter?>? Filters { get; init; }

    public required IReadOnlyList<BackendSpec?>? Backends { get; init; }

    public required HTTPRouteTimeouts? Timeouts { get; init; }

    public required int ErrorStatus { get; init; }
}

internal static class RuleBuilder
{
    public static CompiledRule Build(RuleSpec spec, string path, ReferenceScope scope, ProblemList problems)
    {
        var before = problems.Refusals;
        var filters = HttpFilterBuilder.Build(spec.Filters, $"{path}.filters", scope, problems);
        var backends = BackendsBuilder.Build(spec.Backends, $"{path}.backendRefs", scope, problems);
        var (request, backend) = Timeouts(spec.Timeouts, $"{path}.timeouts", problems);
        CheckFit(spec, filters, path, problems);
        var isRefused = problems.Refusals != before;
        RouteAction forward = new RouteAction.Forward
        {
            Backends = isRefused ? [] : backends,
            PathRewrite = isRefused ? null : filters.PathRewrite,
            HostRewrite = isRefused ? null : filters.HostRewrite,
            ErrorStatus = spec.ErrorStatus,
        };
        return new CompiledRule
        {
            Index = spec.Index,
            Name = spec.Name ?? "",
            Matches = spec.Matches,
            Action = isRefused ? forward : filters.Redirect ?? forward,
            RequestHeaders = isRefused ? HeaderChanges.None : filters.RequestHeaders,
            ResponseHeaders = isRefused ? HeaderChanges.None : filters.ResponseHeaders,
            Mirrors = isRefused ? [] : [.. filters.Mirrors],
            RequestTimeout = request,
            BackendTimeout = backend,
            IsRefused = isRefused,
        };
    }

    private static (TimeSpan? Request, TimeSpan? Backend) Timeouts(HTTPRouteTimeouts? spec, string path, ProblemList problems)
    {
        var request = DurationText.Read(spec?.Request, $"{path}.request", problems);
        var backend = DurationText.Read(spec?.BackendRequest, $"{path}.backendRequest", problems);
        if (request > TimeSpan.Zero && backend > request)
        {
            problems.Invalid($"{path}.backendRequest", "must not be longer than request");
        }

        return (request, backend);
    }

    private static void CheckFit(RuleSpec spec, RuleFilters filters, string path, ProblemList problems)
    {
        if (filters.Redirect is not null && spec.Backends is { Count: > 0 })
        {
            problems.Invalid($"{path}.backendRefs", "a rule that redirects sends nothing to a backend; leave out one of the two");
        }

        if (filters.ReplacesPrefix && spec.Matches.Any(match => match.Match.PathKind != PathMatchKind.PathPrefix))
        {
            problems.Invalid($"{path}.matches", "ReplacePrefixMatch needs matches of type PathPrefix only");
        }
    }
}
