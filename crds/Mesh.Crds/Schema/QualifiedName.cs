// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Mesh.Crds.Schema;

/// <summary>Keys of labels and annotations: an optional DNS prefix and a name of at most 63 characters.</summary>
internal static class QualifiedName
{
    public const string Expected = "a key of labels or annotations is a name of at most 63 letters, digits, \"-\", \"_\" and \".\", "
        + "with a DNS name and \"/\" before it where wanted: \"app\", \"example.com/app\"";

    private static readonly Regex Name = Re2.Compile("^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$");
    private static readonly Regex Prefix = Re2.Compile(Patterns.Subdomain);

    public static bool IsValid(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var name = key[(slash + 1)..];
        return name.Length <= 63 && Name.IsMatch(name) && (slash < 0 || (slash <= 253 && Prefix.IsMatch(key[..slash])));
    }
}
