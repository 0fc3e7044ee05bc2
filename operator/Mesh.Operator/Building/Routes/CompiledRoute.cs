// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

internal enum RouteKind
{
    /// <summary>Beats <see cref="Http"/> on one service port (GEP-1294), and therefore sorts before it.</summary>
    Grpc,

    /// <summary>An HTTPRoute, or the rules of a TrafficPolicy.</summary>
    Http,
}

/// <summary>A route, whatever object it is written in, with what of it is valid.</summary>
internal sealed record CompiledRoute
{
    public required UserObject Source { get; init; }

    public required RouteKind Kind { get; init; }

    public required IReadOnlyList<CompiledRule> Rules { get; init; }

    public required IReadOnlyList<Attachment> Attachments { get; init; }

    /// <summary>The object also gives features, which stay in force where its rules are displaced.</summary>
    public required bool HasFeatures { get; init; }
}

/// <summary>A service port that a route wants to rule.</summary>
/// <param name="Port">The port.</param>
/// <param name="ClientNamespace">Whose clients only (a consumer route); null for everybody (a producer route).</param>
/// <param name="Parent">Index of the parentRef (or of a policy's targetRef) that asks for it.</param>
internal sealed record Attachment(ServicePortName Port, string? ClientNamespace, int Parent);

/// <summary>A rule with all of its matches; settings of policies are added where it is attached.</summary>
internal sealed record CompiledRule
{
    public required int Index { get; init; }

    /// <summary>Empty where it has none.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<CompiledMatch> Matches { get; init; }

    public required RouteAction Action { get; init; }

    public required HeaderChanges RequestHeaders { get; init; }

    public required HeaderChanges ResponseHeaders { get; init; }

    public required EquatableArray<Mirror> Mirrors { get; init; }

    /// <summary>Of the whole request; written in the rule itself.</summary>
    public required TimeSpan? RequestTimeout { get; init; }

    /// <summary>Of one try; written in the rule itself.</summary>
    public required TimeSpan? BackendTimeout { get; init; }

    /// <summary>The rule is invalid: its requests are answered with an error, lest they go where the user did not mean them to.</summary>
    public required bool IsRefused { get; init; }
}

/// <param name="Index">Its place in the rule.</param>
/// <param name="Match">What a request must meet.</param>
/// <param name="Rank">How specific it is.</param>
internal sealed record CompiledMatch(int Index, RouteMatch Match, MatchRank Rank);
