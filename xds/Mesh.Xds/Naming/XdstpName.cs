// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Mesh.Xds.Naming;

/// <summary>
/// A resource name of the form <c>xdstp://authority/type/path?key=value</c> (xRFC TP1). Two of them are the same name when they match part
/// by part, whatever the order of the parameters; <see cref="Text"/> is equal then. A path that ends in <c>/*</c> names the collection of
/// all resources that lie directly below it and have the same parameters.
/// </summary>
internal sealed record XdstpName
{
    private const string Scheme = "xdstp:";
    private const string Start = "xdstp://";
    private const string Form = "xdstp://AUTHORITY/TYPE/PATH?KEY=VALUE&KEY=VALUE";
    private const string BadEncoding = "it holds a % without two hexadecimal digits, or bytes that are no UTF-8";

    // What the definitions of xds.core.v3.ResourceName and ContextParams want encoded, besides what no URI may hold.
    private const string ReservedInAuthority = "%/?#";
    private const string ReservedInPath = "%:?#[]";
    private const string ReservedInParameter = "%#[]&=";

    private XdstpName(string resourceType, string beforeParameters, string parameters)
    {
        ResourceType = resourceType;
        Text = beforeParameters + parameters;
        var parent = beforeParameters[..(beforeParameters.LastIndexOf('/') + 1)];
        Collection = $"{parent}*{parameters}";
        IsCollection = Text == Collection;
    }

    /// <summary>The type as in a type URL, without its domain.</summary>
    public string ResourceType { get; }

    /// <summary>The normal form.</summary>
    public string Text { get; }

    /// <summary>It names not a resource but all that lie directly below a path.</summary>
    public bool IsCollection { get; }

    /// <summary>The name of the collection that it is in, in normal form.</summary>
    public string Collection { get; }

    /// <summary>Whether the name is meant to be such a one; all other names are taken as they are.</summary>
    public static bool IsMeant(string name) => name.StartsWith(Scheme, StringComparison.Ordinal);

    /// <summary>The normal form of such a name; any other, and one that is malformed, as it is.</summary>
    public static string Normal(string name) => IsMeant(name) && TryParse(name, out var parsed, out _) ? parsed.Text : name;

    /// <param name="text">The name.</param>
    /// <param name="name">The name taken apart.</param>
    /// <param name="problem">What is wrong, and what would be right.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out XdstpName? name, [NotNullWhen(false)] out string? problem)
    {
        name = Parse(text, out problem);
        problem = name is null ? $"{problem}; right is {Form}" : null;
        return name is not null;
    }

    private static XdstpName? Parse(string text, out string? problem)
    {
        if (!text.StartsWith(Start, StringComparison.Ordinal))
        {
            problem = $"it does not begin with {Start}";
            return null;
        }

        if (text.Contains('#', StringComparison.Ordinal))
        {
            problem = "it has directives (#...), which belong into a locator and not into a name";
            return null;
        }

        var queryStart = text.IndexOf('?', StringComparison.Ordinal);
        var parts = text[Start.Length..(queryStart < 0 ? text.Length : queryStart)].Split('/', 3);
        if (parts is not [_, { Length: > 0 }, { Length: > 0 }])
        {
            problem = parts is [_, { Length: > 0 }, ..] ? "it has no path after the resource type" : "it has no resource type";
            return null;
        }

        var authority = PercentEncoding.Normal(parts[0], ReservedInAuthority);
        var path = PercentEncoding.Normal(parts[2], ReservedInPath);
        problem = authority is null || path is null ? BadEncoding : null;
        var parameters = queryStart < 0 ? "" : Parameters(text[(queryStart + 1)..], ref problem);
        return problem is null ? new XdstpName(parts[1], $"{Start}{authority}/{parts[1]}/{path}", parameters) : null;
    }

    // With its question mark, sorted by key; empty where there is none.
    private static string Parameters(string query, ref string? problem)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equal = part.IndexOf('=', StringComparison.Ordinal);
            var key = PercentEncoding.Normal(equal < 0 ? part : part[..equal], ReservedInParameter);
            var value = PercentEncoding.Normal(equal < 0 ? "" : part[(equal + 1)..], ReservedInParameter);
            if (key is not { Length: > 0 } || value is null)
            {
                problem ??= key is { Length: 0 } ? "a parameter has no key" : BadEncoding;
            }
            else if (!sorted.TryAdd(key, value))
            {
                problem ??= $"the parameter {key} is there twice";
            }
        }

        return sorted.Count == 0 ? "" : "?" + string.Join('&', sorted.Select(static pair => $"{pair.Key}={pair.Value}"));
    }
}
