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
    public static EndpointSet Build(CatalogPort port, CatalogService service, IReadOnlyList<Pod> podsOfNamespace)
    {
        var endpoints = podsOfNamespace
            .Where(pod => IsSelected(pod, service.Selector))
            .Select(pod => EndpointOf(pod, port))
            .OfType<Endpoint>()
            .DistinctBy(endpoint => (endpoint.Address, endpoint.Port));
        return EndpointsBuilder.Sorted(port.Name, endpoints);
    }

    private static bool IsSelected(Pod pod, EquatableArray<KeyValuePair<string, string>> selector)
    {
        var labels = pod.Metadata?.Labels;
        return labels is not null && selector.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value);
    }

    private static Endpoint? EndpointOf(Pod pod, CatalogPort port)
    {
        if (pod.Status?.Phase is not (null or "" or "Running")
            || !Addresses.TryCanonical(WorkloadsBuilder.AddressOf(pod), out var address)
            || NumberOf(pod, port) is not { } number)
        {
            return null;
        }

        return new Endpoint
        {
            Address = address,
            Port = number,
            Health = pod.Metadata?.DeletionTimestamp is null ? EndpointHealth.Ready : EndpointHealth.Draining,
            Zone = "",
            Pod = pod.Metadata?.Name ?? "",
        };
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
