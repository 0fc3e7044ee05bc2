// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

internal static class HeaderChangesBuilder
{
    public static HeaderChanges Build(HTTPHeaderFilter? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            problems.Invalid(path, "is needed for a filter of this type");
            return HeaderChanges.None;
        }

        return new HeaderChanges
        {
            Set = Values(spec.Set, $"{path}.set", problems),
            Add = Values(spec.Add, $"{path}.add", problems),
            Remove = Names(spec.Remove, $"{path}.remove", problems),
        };
    }

    /// <summary>Of several entries with one name only the first counts (Gateway API).</summary>
    private static EquatableArray<HeaderValue> Values(IReadOnlyList<HTTPHeader>? specs, string path, ProblemList problems)
    {
        var values = new List<HeaderValue>();
        foreach (var (spec, itemPath, _) in SpecChecks.Each(specs, path, problems))
        {
            if (HeaderNames.IsChangeable(spec.Name, $"{itemPath}.name", problems)
                && HeaderNames.IsValue(spec.Value, $"{itemPath}.value", problems))
            {
                values.Add(new HeaderValue(spec.Name, spec.Value));
            }
        }

        return values.DistinctBy(value => value.Name, StringComparer.OrdinalIgnoreCase).ToEquatableArray();
    }

    private static EquatableArray<string> Names(IReadOnlyList<string>? names, string path, ProblemList problems)
    {
        var removed = new List<string>();
        foreach (var (name, itemPath, _) in SpecChecks.Each(names, path, problems))
        {
            if (HeaderNames.IsChangeable(name, itemPath, problems))
            {
                removed.Add(name);
            }
        }

        return removed.Distinct(StringComparer.OrdinalIgnoreCase).ToEquatableArray();
    }
}
