// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.Core;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Services;

/// <summary>Every Service of the resources by name.</summary>
internal sealed record ServiceCatalog(ImmutableDictionary<ServiceName, CatalogService> Services)
{
    public CatalogService? Find(ServiceName name) => Services.GetValueOrDefault(name);

    public static ServiceCatalog Build(ImmutableDictionary<ObjectKey, Service> services, FindingTable findings)
    {
        var owners = new Dictionary<string, ServiceName>(StringComparer.Ordinal);
        var catalog = ImmutableDictionary.CreateBuilder<ServiceName, CatalogService>();
        foreach (var (key, service) in services.OrderBy(pair => pair.Key))
        {
            var built = Of(new ServiceName(key.Namespace, key.Name), service);
            catalog[built.Name] = built with { Addresses = Claim(built, UserObject.Of(key, service), owners, findings) };
        }

        return new ServiceCatalog(catalog.ToImmutable());
    }

    private static CatalogService Of(ServiceName name, Service service)
    {
        var addresses = AddressesOf(service.Spec);
        var isExternal = service.Spec?.Type == "ExternalName";
        return new CatalogService
        {
            Name = name,
            Kind = isExternal ? ServiceKind.ExternalName : addresses.IsEmpty ? ServiceKind.Headless : ServiceKind.Addressed,
            Addresses = addresses,
            Ports = PortsOf(name, service.Spec),
            Selector = (service.Spec?.Selector ?? ImmutableDictionary<string, string>.Empty)
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .ToEquatableArray(),
            PrefersIPv6 = addresses.IsEmpty
                ? service.Spec?.IpFamilies is ["IPv6", ..]
                : DualStack.IsIPv6(addresses[0]),
            IsDualStack = addresses.DistinctBy(DualStack.IsIPv6).Count() > 1 || service.Spec?.IpFamilies is { Count: > 1 },
            Reach = service.Spec?.InternalTrafficPolicy == "Local" ? EndpointReach.Node : EndpointReach.Mesh,
            Nearness = service.Spec?.TrafficDistribution switch
            {
                "PreferSameZone" or "PreferClose" => EndpointNearness.Zone,
                "PreferSameNode" => EndpointNearness.Node,
                _ => EndpointNearness.Indifferent,
            },
            Features = service.Spec?.SessionAffinity == "ClientIP" ? SessionAffinity.Of(UserObject.Of(new ObjectKey(nameof(Service), name.Namespace, name.Name), service).Reference) : null,
            IncludesNotReady = service.Spec?.PublishNotReadyAddresses == true,
        };
    }

    private static EquatableArray<string> AddressesOf(ServiceSpec? spec)
    {
        var addresses = new List<string>();
        foreach (var text in new[] { spec?.ClusterIP }.Concat(spec?.ClusterIPs ?? []))
        {
            if (Addresses.TryCanonical(text, out var address) && !addresses.Contains(address, StringComparer.Ordinal))
            {
                addresses.Add(address);
            }
        }

        return addresses.ToEquatableArray();
    }

    private static EquatableArray<CatalogPort> PortsOf(ServiceName name, ServiceSpec? spec) => (spec?.Ports ?? [])
        .Where(port => port?.Port is >= 1 and <= 65535 && port.Protocol is null or "" or "TCP")
        .DistinctBy(port => port.Port)
        .OrderBy(port => port.Port)
        .Select(port => new CatalogPort(
            new ServicePortName(name, port.Port ?? 0),
            port.Name ?? "",
            PortProtocols.Of(port.AppProtocol, port.Name ?? ""),
            port.TargetPort?.Value ?? ""))
        .ToEquatableArray();

    /// <summary>An address belongs to one service only; the API server sees to that, files do not.</summary>
    private static EquatableArray<string> Claim(
        CatalogService service, UserObject source, Dictionary<string, ServiceName> owners, FindingTable findings)
    {
        var mine = new List<string>();
        foreach (var address in service.Addresses)
        {
            if (owners.TryAdd(address, service.Name))
            {
                mine.Add(address);
                continue;
            }

            findings.Add(source, new Finding(
                source.Reference,
                Parent: null,
                FindingCondition.Accepted,
                Reasons.Conflicted,
                "spec.clusterIP",
                $"{address} belongs to Service {owners[address]} already; give every Service an address of its own"));
        }

        return mine.ToEquatableArray();
    }
}
