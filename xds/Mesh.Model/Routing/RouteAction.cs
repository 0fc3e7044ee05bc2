// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model.Routing;

/// <summary>What is done with a request: closed, read through <see cref="Match{T}"/>.</summary>
public abstract record RouteAction
{
    private RouteAction()
    {
    }

    public abstract T Match<T>(Func<Forward, T> forward, Func<Redirect, T> redirect);

    /// <summary>Sends the request on.</summary>
    public sealed record Forward : RouteAction
    {
        /// <summary>With weight above 0; empty means that every request fails (<see cref="ErrorStatus"/>).</summary>
        public required EquatableArray<WeightedBackend> Backends { get; init; }

        public required PathRewrite? PathRewrite { get; init; }

        /// <summary>The Host that the backend sees; null leaves it alone.</summary>
        public required string? HostRewrite { get; init; }

        /// <summary>Answer where a backend reference is bad: 500 for HTTP, 503 (UNAVAILABLE) for gRPC.</summary>
        public required int ErrorStatus { get; init; }

        public override T Match<T>(Func<Forward, T> forward, Func<Redirect, T> redirect) => forward(this);
    }

    /// <summary>Answers with a redirect. A null part is taken over from the request.</summary>
    public sealed record Redirect : RouteAction
    {
        public required string? Scheme { get; init; }

        public required string? Hostname { get; init; }

        public required int? Port { get; init; }

        public required PathRewrite? Path { get; init; }

        /// <summary>301, 302, 303, 307 or 308.</summary>
        public required int StatusCode { get; init; }

        public override T Match<T>(Func<Forward, T> forward, Func<Redirect, T> redirect) => redirect(this);
    }
}

/// <summary>One share of a rule's traffic.</summary>
public sealed record WeightedBackend
{
    /// <summary>A port of a service that exists; null for a bad reference, whose share of the requests fails.</summary>
    public required ServicePortName? Target { get; init; }

    /// <summary>1–1000000.</summary>
    public required uint Weight { get; init; }

    public required HeaderChanges RequestHeaders { get; init; }

    public required HeaderChanges ResponseHeaders { get; init; }
}

/// <summary>How a path is replaced.</summary>
/// <param name="IsPrefix">Replace the matched prefix (the rule's match is a path prefix), else the whole path.</param>
/// <param name="Value">What stands there instead.</param>
public sealed record PathRewrite(bool IsPrefix, string Value);
