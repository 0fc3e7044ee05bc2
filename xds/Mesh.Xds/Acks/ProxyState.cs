// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;

namespace Mesh.Xds.Acks;

/// <summary>One version of a resource that a proxy has accepted.</summary>
/// <param name="Version">Content hash.</param>
/// <param name="Origins">The user objects, with generation, that the accepted version stems from.</param>
public sealed record AcceptedResource(string Version, Origins Origins);

/// <summary>One version of a resource that a proxy has refused.</summary>
/// <param name="Version">Content hash.</param>
/// <param name="Origins">The user objects, with generation, that the refused version stems from.</param>
/// <param name="Culprits">Those of <paramref name="Origins"/> that the accepted version before did not stem from; all of them when there is none.</param>
/// <param name="Message">Envoy's own words.</param>
public sealed record RejectedResource(string Version, Origins Origins, Origins Culprits, string Message);

/// <summary>What one connected proxy holds, per resource; immutable.</summary>
public sealed record ProxyState
{
    public required NodeName Node { get; init; }

    /// <summary>An application that is its own proxy: gRPC's xDS client, which cannot do all that Envoy can.</summary>
    public bool IsProxyless { get; init; }

    /// <summary>The namespace that an application has proved to be of; null where it proved none, and for the proxy of a node, which serves all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Distinguishes streams of one node; counts up.</summary>
    public required long StreamId { get; init; }

    /// <summary>Envoy's version as it says itself, <c>1.40.0</c> say; empty when it does not.</summary>
    public required string ProxyVersion { get; init; }

    public required AcceptedResources Accepted { get; init; }

    /// <summary>Newest refusal of a resource; gone as soon as a later version is accepted or the resource is gone.</summary>
    public required ImmutableDictionary<ResourceKey, RejectedResource> Rejected { get; init; }

    /// <summary>Sent and not yet answered.</summary>
    public required PendingResources Pending { get; init; }

    /// <summary>Newest revision whose snapshot this stream has been brought to (everything due was sent).</summary>
    public required Revision SentRevision { get; init; }
}
