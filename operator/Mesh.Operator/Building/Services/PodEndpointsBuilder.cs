// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Crds.Core;
using Mesh.Model;
using Endpoint = Mesh.Model.Endpoint;

namespace Mesh.Operator.Building.Services;

/// <summary>
/// The endpoints of a service that has a selector but no EndpointSlice: the pods that it selects. Files need not spell out slices then;
/// a cluster makes them by itself.
/// </summary>
internal static class PodEndpointsBuilder
{
    /// <param name="port">The port.</param>
    /// <param name="service">Its service.</param>
    /// <param name="podsOfNamespace">Pods that it may select.</param>
    /// <param name="zoneOf">Zone of a node by its name.</param>
    public static EndpointSet Build(CatalogPort port, CatalogService service, IReadOnlyList<Pod> podsOfNamespace, Func<string?, string> zoneOf)
    {
        var endpoints = podsOfNamespace
            .Where(pod => IsSelected(pod, service.Selector))
            .Select(pod => EndpointOf(pod, port, service, zoneOf))
            .OfType<Endpoint>()
            .DistinctBy(endpoint => (endpoint.Address, endpoint.Port));
        return EndpointSets.Of(port.Name, service, endpoints);
    }

    private static bool IsSelected(Pod pod, EquatableArray<KeyValuePair<string, string>> selector)
    {
        var labels = pod.Metadata?.Labels;
        return labels is not null && selector.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value);
    }

    private static Endpoint? EndpointOf(Pod pod, CatalogPort port, CatalogService service, Func<string?, string> zoneOf)
    {
        if (pod.Status?.Phase is not (null or "" or "Running") || HealthOf(pod, service) is not { } health || NumberOf(pod, port) is not { } number)
        {
            return null;
        }

        var addresses = AddressesOf(pod).OrderBy(address => DualStack.IsIPv6(address) != service.PrefersIPv6).ToArray();
        return addresses.Length == 0 ? null : new Endpoint
        {
            Address = addresses[0],
            OtherAddress = service.IsDualStack && addresses.Length > 1 ? addresses[1] : "",
            Port = number,
            Health = health,
            Zone = zoneOf(pod.Spec?.NodeName),
            Node = pod.Spec?.NodeName is { Length: > 0 } node ? new NodeName(node) : null,
            ForZones = [],
            ForNodes = [],
            Pod = pod.Metadata?.Name ?? "",
        };
    }

    /// <summary>One of each family at most.</summary>
    private static IEnumerable<string> AddressesOf(Pod pod) => new[] { pod.Status?.PodIP }
        .Concat((pod.Status?.PodIPs ?? []).Select(item => item?.Ip))
        .Select(text => Addresses.TryCanonical(text, out var address) ? address : null)
        .OfType<string>()
        .DistinctBy(DualStack.IsIPv6);

    /// <summary>As the controller of slices judges. A pod in a file has no conditions, and counts as ready.</summary>
    private static EndpointHealth? HealthOf(Pod pod, CatalogService service)
    {
        var isReady = pod.Status?.Conditions?.FirstOrDefault(condition => condition?.Type == PodCondition.Ready)?.Status is null or "True";
        return service.IncludesNotReady ? EndpointHealth.Ready
            : !isReady ? null
            : pod.Metadata?.DeletionTimestamp is null ? EndpointHealth.Ready : EndpointHealth.Draining;
    }

    /// <summary>A pod without a port of the wanted name is left out, as Kubernetes does.</summary>
    private static int? NumberOf(Pod pod, CatalogPort port)
    {
        if (port.TargetPort.Length == 0)
        {
            return port.Name.Port;
        }

        if (int.TryParse(port.TargetPort, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number == 0 ? port.Name.Port : number is >= 1 and <= 65535 ? number : null;
        }

        return (pod.Spec?.Containers ?? [])
            .SelectMany(container => container?.Ports ?? [])
            .FirstOrDefault(candidate => candidate?.Name == port.TargetPort && candidate.Protocol is null or "" or "TCP")
            ?.ContainerPort is >= 1 and <= 65535 and var named ? named : null;
    }
}
