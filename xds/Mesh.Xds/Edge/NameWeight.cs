// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Google.Protobuf.Collections;

namespace Mesh.Xds.Edge;

/// <summary>
/// What the names that a stream is subscribed to take in memory, estimated from its requests alone. It is never too little; a client that
/// subscribes to what it is subscribed to is charged again.
/// </summary>
internal static class NameWeight
{
    // A string's head, its places in the session's sets, and what is booked of it: measured with a million names, rounded up.
    private const int BytesPerName = 300;

    public static Func<DeltaDiscoveryRequest, long> Delta()
    {
        var held = 0L;
        return request => held = Math.Max(
            0,
            held + Of(request.ResourceNamesSubscribe) + Of(request.ResourceLocatorsSubscribe) + Of(request.InitialResourceVersions.Keys)
            - Of(request.ResourceNamesUnsubscribe) - Of(request.ResourceLocatorsUnsubscribe));
    }

    public static Func<DiscoveryRequest, long> StateOfTheWorld()
    {
        var byType = new Dictionary<string, long>(StringComparer.Ordinal);
        var total = 0L;
        return request =>
        {
            var weight = Of(request.ResourceNames) + Of(request.ResourceLocators) + Of([request.TypeUrl]);
            total += weight - byType.GetValueOrDefault(request.TypeUrl);
            byType[request.TypeUrl] = weight;
            return total;
        };
    }

    private static long Of(RepeatedField<ResourceLocator> locators) => locators.Count == 0
        ? 0
        : Of(locators.Select(static locator => locator.Name))
            + Of(locators.SelectMany(static locator => locator.DynamicParameters).SelectMany(static pair => new[] { pair.Key, pair.Value }));

    private static long Of(IEnumerable<string> names) => names.Sum(static name => BytesPerName + (long)(name.Length * sizeof(char)));
}
