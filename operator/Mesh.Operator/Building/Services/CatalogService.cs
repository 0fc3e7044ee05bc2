// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Building.Features;

namespace Mesh.Operator.Building.Services;

internal enum ServiceKind
{
    /// <summary>Has an address of its own.</summary>
    Addressed,

    /// <summary>Has none: clients connect to its pods.</summary>
    Headless,

    /// <summary>An alias in DNS, of which the mesh knows no endpoint.</summary>
    ExternalName,
}

/// <summary>Which endpoints go before others (a Service's <c>trafficDistribution</c>), where they have no hints yet.</summary>
internal enum EndpointNearness
{
    /// <summary>None.</summary>
    Indifferent,

    /// <summary>Those in the client's zone.</summary>
    Zone,

    /// <summary>Those on the client's node, then those in its zone.</summary>
    Node,
}

/// <summary>A Service as far as it stands alone, before policies, routes and endpoints.</summary>
internal sealed record CatalogService
{
    public required ServiceName Name { get; init; }

    public required ServiceKind Kind { get; init; }

    /// <summary>Addresses that it asks for.</summary>
    public required EquatableArray<string> WantedAddresses { get; init; }

    /// <summary>Those that no other Service has.</summary>
    public required EquatableArray<string> Addresses { get; init; }

    /// <summary>TCP ports, sorted by number.</summary>
    public required EquatableArray<CatalogPort> Ports { get; init; }

    /// <summary>Sorted by label; empty where there is no selector.</summary>
    public required EquatableArray<KeyValuePair<string, string>> Selector { get; init; }

    /// <summary>IPv6 goes before IPv4 where a pod has both.</summary>
    public required bool PrefersIPv6 { get; init; }

    /// <summary>Its pods are meant to be reached by either family.</summary>
    public required bool IsDualStack { get; init; }

    public required EndpointReach Reach { get; init; }

    public required EndpointNearness Nearness { get; init; }

    /// <summary>What the Service itself asks for beside its endpoints; null where that is nothing.</summary>
    public required FeatureSet? Features { get; init; }

    /// <summary>Pods are endpoints before they are ready.</summary>
    public required bool IncludesNotReady { get; init; }

    /// <summary>Its ports as a message names them.</summary>
    public string PortList => Ports.IsEmpty ? "no TCP port" : string.Join(", ", Ports.Select(port => port.Display));

    public CatalogPort? Port(int number) => Ports.FirstOrDefault(port => port.Name.Port == number);

    public CatalogPort? Port(string name) => Ports.FirstOrDefault(port => port.PortName == name && name.Length > 0);
}

/// <param name="Name">The port.</param>
/// <param name="PortName">Its name in the Service; empty where it has none.</param>
/// <param name="Protocol">What is spoken on it.</param>
/// <param name="TargetPort">Number or name of the pods' port; empty for the same number.</param>
internal sealed record CatalogPort(ServicePortName Name, string PortName, PortProtocol Protocol, string TargetPort)
{
    public bool CarriesHttp => Protocol != PortProtocol.Tcp;

    public string Display => PortName.Length == 0 ? $"{Name.Port}" : $"{Name.Port} ({PortName})";
}
