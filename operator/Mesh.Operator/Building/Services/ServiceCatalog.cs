// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.Core;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Services;

/// <summary>Every Service of the resources by name.</summary>
internal sealed record ServiceCatalog
{
    private ImmutableDictionary<string, ImmutableSortedSet<ServiceName>> Spaces { get; init; } =
        ImmutableDictionary.Create<string, ImmutableSortedSet<ServiceName>>(StringComparer.Ordinal);

    /// <summary>Who asks for an address. It belongs to the first of them; the API server sees to it that there is but one, files do not.</summary>
    private ImmutableDictionary<string, ImmutableSortedSet<ServiceName>> Claimants { get; init; } =
        ImmutableDictionary.Create<string, ImmutableSortedSet<ServiceName>>(StringComparer.Ordinal);

    public ImmutableDictionary<ServiceName, CatalogService> Services { get; private init; } = ImmutableDictionary<ServiceName, CatalogService>.Empty;

    public static ServiceCatalog Empty { get; } = new();

    public static ObjectKey KeyOf(ServiceName name) => new(nameof(Service), name.Namespace, name.Name);

    public static ServiceName NameOf(ObjectKey key) => new(key.Namespace, key.Name);

    public static ServiceCatalog Build(ImmutableDictionary<ObjectKey, Service> services) =>
        Empty.Follow(services, services.Keys.Select(key => new Fact(Step.Object, key)).ToHashSet());

    public CatalogService? Find(ServiceName name) => Services.GetValueOrDefault(name);

    /// <summary>Those of a namespace, sorted.</summary>
    public IEnumerable<CatalogService> In(string space) => Spaces.GetValueOrDefault(space, []).Select(name => Services[name]);

    public ServiceName OwnerOf(string address) => Claimants[address].Min;

    /// <param name="services">All of them.</param>
    /// <param name="changed">What has changed; of which services and namespaces more is known now, is added.</param>
    public ServiceCatalog Follow(ImmutableDictionary<ObjectKey, Service> services, HashSet<Fact> changed)
    {
        var names = changed.Where(fact => fact is { Step: Step.Object, Object.Kind: nameof(Service) }).Select(fact => NameOf(fact.Object)).ToHashSet();
        if (names.Count == 0)
        {
            return this;
        }

        var (claimants, spaces, next) = (Claimants.ToBuilder(), Spaces.ToBuilder(), Services.ToBuilder());
        var reclaimed = new HashSet<ServiceName>();
        foreach (var name in names)
        {
            var current = services.TryGetValue(KeyOf(name), out var service) ? Of(name, service) : null;
            reclaimed.UnionWith(Reclaim(name, (Find(name)?.WantedAddresses ?? [], current?.WantedAddresses ?? []), claimants));
            Put(spaces, name.Namespace, name, isIn: current is not null);
            next.Remove(name);
            if (current is not null)
            {
                next.Add(name, current);
            }
        }

        foreach (var name in names.Union(reclaimed))
        {
            if (next.TryGetValue(name, out var service) && !service.WantedAddresses.IsEmpty)
            {
                next[name] = service with { Addresses = service.WantedAddresses.Where(address => claimants[address].Min == name).ToEquatableArray() };
            }

            // Whose an address is (OwnerOf) is news to all who ask for it, also to those that it is not taken from or given to.
            if (reclaimed.Contains(name) || next.GetValueOrDefault(name) != Find(name))
            {
                changed.Add(new Fact(Step.Catalog, KeyOf(name)));
                changed.Add(new Fact(Step.Catalog, Enrolment.KeyOf(name.Namespace)));
            }
        }

        return new ServiceCatalog { Services = next.ToImmutable(), Spaces = spaces.ToImmutable(), Claimants = claimants.ToImmutable() };
    }

    /// <summary>Who asks for an address that a service asks for no longer, or only now.</summary>
    private static HashSet<ServiceName> Reclaim(
        ServiceName name, (EquatableArray<string> Old, EquatableArray<string> New) addresses, ImmutableDictionary<string, ImmutableSortedSet<ServiceName>>.Builder claimants)
    {
        var concerned = new HashSet<ServiceName>();
        var gone = addresses.Old.Except(addresses.New, StringComparer.Ordinal);
        foreach (var address in addresses.New.Except(addresses.Old, StringComparer.Ordinal).Concat(gone))
        {
            Put(claimants, address, name, isIn: addresses.New.Contains(address, StringComparer.Ordinal));
            concerned.UnionWith(claimants.GetValueOrDefault(address, []));
        }

        return concerned;
    }

    private static void Put(
        ImmutableDictionary<string, ImmutableSortedSet<ServiceName>>.Builder into, string key, ServiceName name, bool isIn)
    {
        var known = into.GetValueOrDefault(key, []);
        var next = isIn ? known.Add(name) : known.Remove(name);
        if (next.IsEmpty)
        {
            into.Remove(key);
        }
        else
        {
            into[key] = next;
        }
    }

    private static CatalogService Of(ServiceName name, Service service)
    {
        var addresses = AddressesOf(service.Spec);
        var isExternal = service.Spec?.Type == "ExternalName";
        return new CatalogService
        {
            Name = name,
            Kind = isExternal ? ServiceKind.ExternalName : addresses.IsEmpty ? ServiceKind.Headless : ServiceKind.Addressed,
            WantedAddresses = addresses,
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
}
