// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Endpoint = Mesh.Model.Endpoint;

namespace Mesh.Operator.Building.Services;

/// <summary>
/// A pod of two families is in a slice of each. It is one endpoint all the same, with two addresses to try: else it would get twice the requests
/// of a pod that has but one.
/// </summary>
internal static class DualStack
{
    public static IEnumerable<Endpoint> Join(IReadOnlyCollection<Endpoint> endpoints, bool prefersIPv6)
    {
        if (endpoints.All(endpoint => IsIPv6(endpoint.Address) == prefersIPv6))
        {
            return endpoints;
        }

        return endpoints
            .GroupBy(endpoint => endpoint.Pod.Length == 0 ? (endpoint.Address, endpoint.Port) : ("pod " + endpoint.Pod, endpoint.Port))
            .SelectMany(group => Join([.. group], prefersIPv6));
    }

    public static bool IsIPv6(string address) => address.Contains(':', StringComparison.Ordinal);

    private static Endpoint[] Join(Endpoint[] ofOne, bool prefersIPv6)
    {
        var first = ofOne.FirstOrDefault(endpoint => IsIPv6(endpoint.Address) == prefersIPv6);
        var second = ofOne.FirstOrDefault(endpoint => IsIPv6(endpoint.Address) != prefersIPv6);
        if (ofOne.Length != 2 || first is null || second is null)
        {
            return ofOne;
        }

        return first.Health == second.Health ? [first with { OtherAddress = second.Address }]
            : [first.Health == EndpointHealth.Ready ? first : second];
    }
}
