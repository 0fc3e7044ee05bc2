// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What one stream may cost us.</summary>
internal sealed record SessionLimits
{
    /// <summary>A response is closed when its resources reach this size; one resource may be larger.</summary>
    public required int ResponseBytes { get; init; }

    /// <summary>Names in one request, and names that a stream is subscribed to.</summary>
    public required int Names { get; init; }

    public required int NameLength { get; init; }

    /// <summary>Unanswered responses of one type at which nothing more of it is sent: who answers again gets the newest at once.</summary>
    public required int Unanswered { get; init; }

    public static SessionLimits Default { get; } = new() { ResponseBytes = 1 << 20, Names = 1_000_000, NameLength = 4096, Unanswered = 128 };

    /// <summary>The limit that a request breaks, or null.</summary>
    public Status? Check(DeltaDiscoveryRequest request)
    {
        var count = request.ResourceNamesSubscribe.Count + request.ResourceNamesUnsubscribe.Count + request.InitialResourceVersions.Count
            + request.ResourceLocatorsSubscribe.Count + request.ResourceLocatorsUnsubscribe.Count;
        var names = request.ResourceNamesSubscribe.Concat(request.ResourceNamesUnsubscribe).Concat(request.InitialResourceVersions.Keys);
        return Check(request.TypeUrl, count, NameVariants.AreIn(request)
            ? names.Concat(request.ResourceLocatorsSubscribe.Concat(request.ResourceLocatorsUnsubscribe).Select(static locator => locator.Name))
            : names);
    }

    /// <inheritdoc cref="Check(DeltaDiscoveryRequest)"/>
    public Status? Check(DiscoveryRequest request) => Check(
        request.TypeUrl,
        request.ResourceNames.Count + request.ResourceLocators.Count,
        request.ResourceLocators.Count == 0
            ? request.ResourceNames
            : request.ResourceNames.Concat(request.ResourceLocators.Select(static locator => locator.Name)));

    /// <summary>The limit that a stream breaks with all its subscriptions, or null.</summary>
    public Status? Check(int subscribedNames) => subscribedNames > Names
        ? Exhausted($"The stream is subscribed to {subscribedNames} names; at most {Names} are served.")
        : null;

    /// <summary>How many of the resources, the first of them, make a response of bare ones.</summary>
    public int CountFitting(ImmutableArray<EncodedResource> resources)
    {
        var size = 0;
        for (var count = 0; count < resources.Length; count++)
        {
            if (size > ResponseBytes)
            {
                return count;
            }

            size += resources[count].Bare.Length;
        }

        return resources.Length;
    }

    private Status? Check(string typeUrl, int count, IEnumerable<string> names)
    {
        if (count > Names)
        {
            return Exhausted($"The request for {typeUrl} holds {count} names; at most {Names} are served.");
        }

        return names.FirstOrDefault(name => name.Length > NameLength) is { } tooLong
            ? Exhausted($"A resource name of {typeUrl} has {tooLong.Length} characters; at most {NameLength} are served.")
            : null;
    }

    private static Status Exhausted(string why) => new(StatusCode.ResourceExhausted, why);
}
