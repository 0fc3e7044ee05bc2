// SPDX-License-Identifier: Apache-2.0
using Mesh.Model.Settings;

namespace Mesh.Model.Routing;

/// <summary>
/// How requests to one service port are routed (GEP-1294): a client whose namespace has an own scope is served by that one only,
/// every other client by <see cref="Producer"/>. Within a scope the first rule that matches decides; when none does, 404.
/// </summary>
public sealed record RouteTable
{
    /// <summary>Scopes for the clients of one namespace each, sorted by it.</summary>
    public required EquatableArray<ConsumerRoutes> Consumers { get; init; }

    /// <summary>For everybody else; without any route attached, one rule that forwards everything to the service itself.</summary>
    public required EquatableArray<RouteRule> Producer { get; init; }
}

/// <param name="ClientNamespace">Whose clients these rules serve.</param>
/// <param name="Rules">In order of precedence.</param>
public sealed record ConsumerRoutes(string ClientNamespace, EquatableArray<RouteRule> Rules);

/// <summary>One match with what is done to a request that meets it.</summary>
public sealed record RouteRule
{
    /// <summary>Shown in Envoy's logs and statistics: kind, namespace, name, rule and match of the route it stems from.</summary>
    public required string Name { get; init; }

    public required RouteMatch Match { get; init; }

    public required RouteAction Action { get; init; }

    /// <summary>Filters on what is sent to the backend and to the client.</summary>
    public required HeaderChanges RequestHeaders { get; init; }

    public required HeaderChanges ResponseHeaders { get; init; }

    public required EquatableArray<Mirror> Mirrors { get; init; }

    public required RouteSettings Settings { get; init; }

    public required Origins Origins { get; init; }
}

public enum PathMatchKind
{
    /// <summary>The whole path.</summary>
    Exact,

    /// <summary>Whole path segments from the start: <c>/v2</c> matches <c>/v2</c> and <c>/v2/x</c>, not <c>/v2x</c>.</summary>
    PathPrefix,

    /// <summary>The whole path, by RE2 expression.</summary>
    RegularExpression,
}

public enum ValueMatchKind
{
    Exact,
    RegularExpression,
}

/// <summary>All parts must hold.</summary>
public sealed record RouteMatch
{
    public required PathMatchKind PathKind { get; init; }

    /// <summary>Starts with a slash, except for expressions.</summary>
    public required string Path { get; init; }

    /// <summary>HTTP method in capitals, or null for any.</summary>
    public required string? Method { get; init; }

    /// <summary>Names in lower case.</summary>
    public required EquatableArray<ValueMatch> Headers { get; init; }

    public required EquatableArray<ValueMatch> QueryParameters { get; init; }

    /// <summary>Match gRPC calls only (content-type application/grpc).</summary>
    public required bool IsGrpc { get; init; }
}

public sealed record ValueMatch(string Name, ValueMatchKind Kind, string Value);

/// <summary>Header changes in the order remove, set, add; names keep the case that the user wrote.</summary>
public sealed record HeaderChanges
{
    public required EquatableArray<HeaderValue> Set { get; init; }

    public required EquatableArray<HeaderValue> Add { get; init; }

    public required EquatableArray<string> Remove { get; init; }

    public static HeaderChanges None { get; } = new() { Set = [], Add = [], Remove = [] };

    public bool IsEmpty => Set.IsEmpty && Add.IsEmpty && Remove.IsEmpty;
}

public sealed record HeaderValue(string Name, string Value);

/// <summary>A copy of a share of the requests goes to <paramref name="Backend"/>; its answers are thrown away.</summary>
/// <param name="Backend">A port of a service that exists.</param>
/// <param name="ShareMillionths">1–1000000 millionths of the requests.</param>
public sealed record Mirror(ServicePortName Backend, uint ShareMillionths);
