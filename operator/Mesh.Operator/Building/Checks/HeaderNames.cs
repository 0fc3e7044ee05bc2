// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Mesh.Operator.Building.Checks;

/// <summary>What HTTP allows as a header name, and which names a user may not change.</summary>
internal static class HeaderNames
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Headers of one connection, which a proxy makes itself (RFC 9110, 7.6.1), and those that Envoy refuses to change.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "content-length", "host", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    };

    /// <summary>RFC 9110, 5.6.2.</summary>
    public static bool IsToken([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= 256 } && !text.AsSpan().ContainsAnyExcept(TokenCharacters);

    /// <summary>False, with a problem, for a name that must not be changed.</summary>
    public static bool IsChangeable([NotNullWhen(true)] string? name, string path, ProblemList problems)
    {
        if (name is [':', ..])
        {
            problems.Invalid(path, $"\"{name}\" is a pseudo-header, which cannot be changed here; paths and hosts are changed by a URLRewrite filter");
            return false;
        }

        if (!IsToken(name))
        {
            problems.Invalid(path, $"\"{name}\" is not a header name");
            return false;
        }

        if (Reserved.Contains(name))
        {
            problems.Invalid(path, $"\"{name}\" cannot be changed: {WhyReserved(name)}");
            return false;
        }

        return true;
    }

    // A wrong length leaves the rest of a body on a connection that other requests share: there it is read as a request of its own.
    private static string WhyReserved(string name) => name.ToLowerInvariant() switch
    {
        "host" => "use a URLRewrite filter with hostname",
        "content-length" => "it tells where a message ends, and the proxy keeps it true",
        _ => "it belongs to a single connection, and the proxy makes it",
    };

    public static bool IsValue([NotNullWhen(true)] string? value, string path, ProblemList problems)
    {
        if (value is null)
        {
            problems.Invalid(path, "is needed");
            return false;
        }

        foreach (var character in value)
        {
            if (char.IsControl(character) && character != '\t')
            {
                problems.Invalid(path, $"has the character U+{(int)character:X4}, which a header value cannot carry");
                return false;
            }
        }

        return true;
    }
}
