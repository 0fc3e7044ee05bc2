// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Routing;

namespace Mesh.Xds.Translation.Features;

/// <summary>
/// Header changes of a rule come first, those of the chosen backend after them (Gateway API: a backend's filters apply to what is sent
/// to that backend). Envoy makes them the other way round, whatever most_specific_header_mutations_wins says, so that where a backend has
/// changes, every backend gets those of the rule and its own as one list.
/// </summary>
internal static class BackendHeaders
{
    public static RouteRule TakeOver(RouteRule rule) => rule.Action.Match(forward => TakeOver(rule, forward), _ => rule);

    private static RouteRule TakeOver(RouteRule rule, RouteAction.Forward forward)
    {
        if (forward.Backends.All(backend => backend.Target is null || (backend.RequestHeaders.IsEmpty && backend.ResponseHeaders.IsEmpty)))
        {
            return rule;
        }

        var backends = forward.Backends.Select(backend => backend with
        {
            RequestHeaders = Sequence(rule.RequestHeaders, backend.RequestHeaders),
            ResponseHeaders = Sequence(rule.ResponseHeaders, backend.ResponseHeaders),
        });
        return rule with
        {
            Action = forward with { Backends = backends.ToEquatableArray() },
            RequestHeaders = HeaderChanges.None,
            ResponseHeaders = HeaderChanges.None,
        };
    }

    /// <summary>One list with the effect of two. A list removes, sets and adds in this order, so what the second undoes is left out.</summary>
    private static HeaderChanges Sequence(HeaderChanges first, HeaderChanges second)
    {
        var undone = second.Remove.Concat(second.Set.Select(header => header.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new HeaderChanges
        {
            Remove = first.Remove.Concat(second.Remove).Distinct(StringComparer.OrdinalIgnoreCase).ToEquatableArray(),
            Set = first.Set.Where(header => !undone.Contains(header.Name)).Concat(second.Set).ToEquatableArray(),
            Add = first.Add.Where(header => !undone.Contains(header.Name)).Concat(second.Add).ToEquatableArray(),
        };
    }
}
