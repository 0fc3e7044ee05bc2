// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Building.Routes;

/// <summary>
/// How specific a match is (Gateway API, HTTPRouteRule.matches and GRPCRouteRule.matches). Less is more specific and goes first.
/// Expressions, whose place Gateway API leaves open, stand between exact paths and prefixes: who writes one means particular paths, which a
/// prefix such as "/" must not swallow.
/// </summary>
internal readonly record struct MatchRank : IComparable<MatchRank>
{
    public const int ExactPath = 0;
    public const int Expression = 1;
    public const int Prefix = 2;

    public required int PathClass { get; init; }

    /// <summary>Characters of the path, or of the gRPC service.</summary>
    public required int PathLength { get; init; }

    /// <summary>Characters of the gRPC method; 0 for HTTP.</summary>
    public required int MethodLength { get; init; }

    public required bool HasMethod { get; init; }

    public required int Headers { get; init; }

    public required int QueryParameters { get; init; }

    public int CompareTo(MatchRank other)
    {
        var byClass = PathClass.CompareTo(other.PathClass);
        if (byClass != 0)
        {
            return byClass;
        }

        // All of these: the more, the more specific.
        ReadOnlySpan<int> mine = [PathLength, MethodLength, HasMethod ? 1 : 0, Headers, QueryParameters];
        ReadOnlySpan<int> theirs = [other.PathLength, other.MethodLength, other.HasMethod ? 1 : 0, other.Headers, other.QueryParameters];
        return theirs.SequenceCompareTo(mine);
    }

    public static bool operator <(MatchRank left, MatchRank right) => left.CompareTo(right) < 0;

    public static bool operator <=(MatchRank left, MatchRank right) => left.CompareTo(right) <= 0;

    public static bool operator >(MatchRank left, MatchRank right) => left.CompareTo(right) > 0;

    public static bool operator >=(MatchRank left, MatchRank right) => left.CompareTo(right) >= 0;
}
