// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>Which resources of a response Envoy's words of refusal are about, as far as they tell.</summary>
internal static class RefusalText
{
    private const string CreationPrefix = "Error adding/updating ";

    private static readonly HashSet<EncodedResource> None = [];

    /// <summary>
    /// <c>Error adding/updating cluster(s) NAME: reason, NAME: reason</c> names the refused ones, each at the start of its part. Any other
    /// text (a broken proto rule, with the resource as text) may name others as well: several names are a suspicion only.
    /// </summary>
    public static RefusalNames Find(IReadOnlyCollection<EncodedResource> resources, string message)
    {
        if (message.StartsWith(CreationPrefix, StringComparison.Ordinal))
        {
            var heads = resources.Where(resource => StartsPart(message, resource.Key.Name)).ToHashSet();
            if (heads.Count > 0)
            {
                return new RefusalNames(heads, None);
            }
        }

        var named = resources.Where(resource => Occurs(message, resource.Key.Name)).ToHashSet();
        return named.Count == 1 ? new RefusalNames(named, None) : new RefusalNames(None, named);
    }

    private static bool StartsPart(string message, string name) =>
        message.Contains($"(s) {name}: ", StringComparison.Ordinal) || message.Contains($", {name}: ", StringComparison.Ordinal);

    // As a whole word: "s/n/a:80" does not occur in "s/n/a:8080".
    private static bool Occurs(string message, string name)
    {
        var at = message.IndexOf(name, StringComparison.Ordinal);
        while (name.Length > 0 && at >= 0)
        {
            var end = at + name.Length;
            if (!IsNamePart(message, at - 1) && !IsNamePart(message, end))
            {
                return true;
            }

            at = message.IndexOf(name, at + 1, StringComparison.Ordinal);
        }

        return false;
    }

    private static bool IsNamePart(string message, int at) =>
        at >= 0 && at < message.Length
        && (char.IsLetterOrDigit(message[at])
            || message[at] is '/' or '-' or '_'
            || (message[at] is ':' or '.' && at + 1 < message.Length && char.IsLetterOrDigit(message[at + 1])));
}

/// <param name="Refused">Certainly refused.</param>
/// <param name="Suspects">Named, and perhaps refused.</param>
internal sealed record RefusalNames(IReadOnlySet<EncodedResource> Refused, IReadOnlySet<EncodedResource> Suspects);
