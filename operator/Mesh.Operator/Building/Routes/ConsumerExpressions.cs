// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Mesh.Model.Routing;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

/// <summary>
/// A consumer route is in one table with the rules of the service's owner, and Envoy takes a table or refuses it whole. So nothing of another namespace gets into it that
/// Envoy might refuse; with his own rules an owner may take that risk.
/// </summary>
internal static class ConsumerExpressions
{
    /// <param name="attachments">Of a route.</param>
    /// <param name="rules">Its rules.</param>
    /// <param name="refuse">Told of a parent that the route gets no place at: its index, and why.</param>
    /// <returns>Those that stay.</returns>
    public static IReadOnlyList<Attachment> Keep(IReadOnlyList<Attachment> attachments, IReadOnlyList<CompiledRule> rules, Action<int, string> refuse)
    {
        if (!attachments.Any(static attachment => attachment.ClientNamespace is not null) || Problem(rules) is not { } problem)
        {
            return attachments;
        }

        foreach (var parent in attachments.Where(static attachment => attachment.ClientNamespace is not null).Select(static attachment => attachment.Parent).Distinct())
        {
            refuse(parent, problem);
        }

        return [.. attachments.Where(static attachment => attachment.ClientNamespace is null)];
    }

    private static string? Problem(IReadOnlyList<CompiledRule> rules) => rules
        .SelectMany(static rule => rule.Matches, static (rule, match) => (rule, match))
        .Where(static pair => Expressions(pair.match.Match).Any(static size => size > ExpressionLimits.LargestProgram))
        .Select(static pair => string.Create(
            CultureInfo.InvariantCulture,
            $"spec.rules[{pair.rule.Index}].matches[{pair.match.Index}] has an expression (or a prefix) that may take more than {ExpressionLimits.LargestProgram} instructions of RE2, "
            + $"which a proxy refuses; among the rules of another namespace's Service it must be simpler: shorter, or with smaller numbers in braces"))
        .FirstOrDefault();

    private static IEnumerable<double> Expressions(RouteMatch match) => match.Headers
        .Concat(match.QueryParameters)
        .Where(static value => value.Kind == ValueMatchKind.RegularExpression)
        .Select(static value => Re2Size.Most(value.Value))
        .Append(match.PathKind switch
        {
            PathMatchKind.RegularExpression => Re2Size.Most(match.Path),

            // Where it is rewritten, the prefix becomes an expression.
            PathMatchKind.PathPrefix => Re2Size.Most("^/?") + Encoding.UTF8.GetByteCount(match.Path),
            PathMatchKind.Exact => 0,
        });
}
