// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

/// <summary>Matches of headers and query parameters. Of several with one name only the first counts (Gateway API).</summary>
internal static class ValueMatchBuilder
{
    public static EquatableArray<ValueMatch> Headers(IReadOnlyList<HTTPHeaderMatch>? specs, string path, ProblemList problems)
    {
        var matches = new List<ValueMatch>();
        foreach (var (spec, itemPath, _) in SpecChecks.Each(specs, path, problems))
        {
            if (Build(spec.Type, spec.Name, spec.Value, itemPath, problems) is { } match)
            {
                matches.Add(match with { Name = match.Name.ToLowerInvariant() });
            }
        }

        return matches.DistinctBy(match => match.Name, StringComparer.Ordinal).ToEquatableArray();
    }

    public static EquatableArray<ValueMatch> QueryParameters(IReadOnlyList<HTTPQueryParamMatch>? specs, string path, ProblemList problems)
    {
        var matches = new List<ValueMatch>();
        foreach (var (spec, itemPath, _) in SpecChecks.Each(specs, path, problems))
        {
            if (Build(spec.Type, spec.Name, spec.Value, itemPath, problems) is { } match)
            {
                matches.Add(match);
            }
        }

        return matches.DistinctBy(match => match.Name, StringComparer.Ordinal).ToEquatableArray();
    }

    private static ValueMatch? Build(ValueMatchType? type, string? name, string? value, string path, ProblemList problems)
    {
        var before = problems.Refusals;
        var kind = SpecChecks.Known(type, $"{path}.type", problems) ?? ValueMatchType.Exact;
        if (!HeaderNames.IsToken(name))
        {
            problems.Invalid($"{path}.name", name is null ? "is needed" : $"\"{name}\" has characters that no such name may have");
        }

        if (HeaderNames.IsValue(value, $"{path}.value", problems) && kind == ValueMatchType.RegularExpression)
        {
            RegexCheck.IsValid(value, $"{path}.value", problems);
        }

        if (problems.Refusals != before || name is null || value is null)
        {
            return null;
        }

        return new ValueMatch(name, KindOf(kind), value);
    }

    private static ValueMatchKind KindOf(ValueMatchType type) => type switch
    {
        ValueMatchType.Exact => ValueMatchKind.Exact,
        ValueMatchType.RegularExpression => ValueMatchKind.RegularExpression,
    };
}
