// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Mesh.Crds.GatewayApi;
using Mesh.Model.Routing;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

/// <summary>A gRPC call is a POST to <c>/package.Service/Method</c>.</summary>
internal static class GrpcMatchBuilder
{
    private const int MaximumLength = 1024;
    private const string AnySegment = "[^/]+";

    public static IReadOnlyList<CompiledMatch> Build(IReadOnlyList<GRPCRouteMatch>? specs, string path, ProblemList problems)
    {
        if (specs is not { Count: > 0 })
        {
            return Build([new GRPCRouteMatch()], path, problems);
        }

        var matches = new List<CompiledMatch>();
        foreach (var (spec, itemPath, index) in SpecChecks.Each(specs, path, problems))
        {
            var before = problems.Refusals;
            var (kind, value) = Path(spec.Method, $"{itemPath}.method", problems);
            var headers = ValueMatchBuilder.Headers(spec.Headers, $"{itemPath}.headers", problems);
            if (problems.Refusals == before)
            {
                var match = new RouteMatch
                {
                    PathKind = kind,
                    Path = value,
                    Method = null,
                    Headers = headers,
                    QueryParameters = [],
                    IsGrpc = true,
                };
                matches.Add(new CompiledMatch(index, match, RankOf(spec.Method, headers.Count)));
            }
        }

        return matches;
    }

    private static (PathMatchKind Kind, string Value) Path(GRPCMethodMatch? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            return (PathMatchKind.PathPrefix, "/");
        }

        var type = SpecChecks.Known(spec.Type, $"{path}.type", problems) ?? ValueMatchType.Exact;
        var (service, method) = (spec.Service ?? "", spec.Method ?? "");
        if (service.Length == 0 && method.Length == 0)
        {
            problems.Invalid(path, "give service, method or both");
        }

        return type == ValueMatchType.RegularExpression
            ? Expression(service, method, path, problems)
            : Exact(service, method, path, problems);
    }

    private static (PathMatchKind Kind, string Value) Exact(string service, string method, string path, ProblemList problems)
    {
        CheckName(service, $"{path}.service", problems);
        CheckName(method, $"{path}.method", problems);
        return (service.Length, method.Length) switch
        {
            (0, _) => (PathMatchKind.RegularExpression, $"/{AnySegment}/{Regex.Escape(method)}"),
            // All methods of a service; path segments are compared, so this is the prefix "/service/".
            (_, 0) => (PathMatchKind.PathPrefix, $"/{service}"),
            _ => (PathMatchKind.Exact, $"/{service}/{method}"),
        };
    }

    private static (PathMatchKind Kind, string Value) Expression(string service, string method, string path, ProblemList problems)
    {
        CheckExpression(service, $"{path}.service", problems);
        CheckExpression(method, $"{path}.method", problems);
        return (PathMatchKind.RegularExpression, $"/{Part(service)}/{Part(method)}");
    }

    private static string Part(string expression) => expression.Length == 0 ? AnySegment : $"(?:{expression})";

    private static void CheckExpression(string value, string path, ProblemList problems)
    {
        if (value.Length > MaximumLength)
        {
            problems.Invalid(path, $"is longer than {MaximumLength} characters");
        }
        else if (value.Length > 0)
        {
            RegexCheck.IsValid(value, path, problems);
        }
    }

    private static void CheckName(string value, string path, ProblemList problems)
    {
        if (value.Length > MaximumLength)
        {
            problems.Invalid(path, $"is longer than {MaximumLength} characters");
        }
        else if (!value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            problems.Invalid(path, $"\"{value}\" is not the name of a gRPC service or method; expressions need type RegularExpression");
        }
    }

    private static MatchRank RankOf(GRPCMethodMatch? spec, int headers) => new()
    {
        PathClass = spec switch
        {
            // Names nothing, so it must not swallow what an expression names.
            null => MatchRank.Prefix,
            { Type: ValueMatchType.RegularExpression } => MatchRank.Expression,
            _ => MatchRank.ExactPath,
        },
        PathLength = spec?.Service?.Length ?? 0,
        MethodLength = spec?.Method?.Length ?? 0,
        HasMethod = false,
        Headers = headers,
        QueryParameters = 0,
    };
}
