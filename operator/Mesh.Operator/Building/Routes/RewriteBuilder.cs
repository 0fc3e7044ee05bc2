// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Model.Routing;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

internal static class RewriteBuilder
{
    private const int MaximumHostLength = 253;

    public static (PathRewrite? Path, string? Host) Build(HTTPURLRewriteFilter? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            problems.Invalid(path, "is needed for a filter of type URLRewrite");
            return (null, null);
        }

        return (PathOf(spec.Path, $"{path}.path", problems), Hostname(spec.Hostname, $"{path}.hostname", problems));
    }

    public static PathRewrite? PathOf(HTTPPathModifier? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            return null;
        }

        if (SpecChecks.Known(spec.Type, $"{path}.type", problems) is not { } type)
        {
            if (spec.Type is null)
            {
                problems.Invalid($"{path}.type", "is needed");
            }

            return null;
        }

        var (isPrefix, value, field, other) = type switch
        {
            PathModifierType.ReplaceFullPath => (false, spec.ReplaceFullPath, "replaceFullPath", spec.ReplacePrefixMatch),
            PathModifierType.ReplacePrefixMatch => (true, spec.ReplacePrefixMatch, "replacePrefixMatch", spec.ReplaceFullPath),
        };
        if (value is null || other is not null)
        {
            problems.Invalid(path, $"type {type} needs {field}, and nothing else");
            return null;
        }

        return Rewrite(isPrefix, value, $"{path}.{field}", problems);
    }

    private static PathRewrite? Rewrite(bool isPrefix, string value, string path, ProblemList problems)
    {
        // An empty prefix strips what was matched, as "/" does.
        if (isPrefix && value.Length == 0)
        {
            return new PathRewrite(IsPrefix: true, "/");
        }

        return PathChecks.IsPath(value, path, problems)
            ? new PathRewrite(isPrefix, isPrefix ? PathChecks.WithoutTrailingSlash(value) : value)
            : null;
    }

    public static string? Hostname(string? value, string path, ProblemList problems)
    {
        if (value is null)
        {
            return null;
        }

        var isHost = value.Length is > 0 and <= MaximumHostLength
            && value.Split('.').All(label => label.Length > 0
                && label[0] != '-' && label[^1] != '-'
                && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));
        if (!isHost)
        {
            problems.Invalid(path, $"\"{value}\" is not a host name in lower case");
            return null;
        }

        return value;
    }
}
