// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Facts;

namespace Mesh.Operator.Building.Services;

/// <summary>A Service that asks for an address of another one hears of it.</summary>
internal static class AddressChecks
{
    public static IEnumerable<Finding> Of(UserObject source, Lookups lookups)
    {
        var name = ServiceCatalog.NameOf(source.Key);
        return (lookups.Service(name)?.WantedAddresses ?? []).Where(address => lookups.OwnerOf(address) != name).Select(address => new Finding(
            source.Reference,
            Parent: null,
            FindingCondition.Accepted,
            Reasons.Conflicted,
            "spec.clusterIP",
            $"{address} belongs to Service {lookups.OwnerOf(address)} already; give every Service an address of its own"));
    }
}
