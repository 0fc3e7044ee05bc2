// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Core;
using Mesh.Model;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Services;

/// <summary>Enrolled pods that send traffic under an address of their own.</summary>
internal static class WorkloadsBuilder
{
    /// <summary>Of two pods with one address (the old one not yet gone, say) the first by namespace and name counts.</summary>
    public static EquatableArray<Workload> Build(ResourceSet resources) => resources.Pods
        .Select(pair => Of(pair.Key, resources))
        .OfType<Workload>()
        .OrderBy(workload => workload.Address, StringComparer.Ordinal)
        .ThenBy(workload => workload.Namespace, StringComparer.Ordinal)
        .ThenBy(workload => workload.Name, StringComparer.Ordinal)
        .DistinctBy(workload => workload.Address, StringComparer.Ordinal)
        .ToEquatableArray();

    public static Workload? Of(ObjectKey key, ResourceSet resources)
    {
        if (resources.Pods.GetValueOrDefault(key) is not { } pod
            || !Enrolment.IsEnrolled(pod, resources.Namespaces.GetValueOrDefault(Enrolment.KeyOf(key.Namespace)))
            || pod.Spec?.HostNetwork == true
            || pod.Status?.Phase is "Succeeded" or "Failed"
            || !Addresses.TryCanonical(AddressOf(pod), out var address))
        {
            return null;
        }

        return new Workload
        {
            Address = address,
            Namespace = key.Namespace,
            Name = key.Name,
            ServiceAccount = pod.Spec?.ServiceAccountName is { Length: > 0 } account ? account : "default",
            Node = pod.Spec?.NodeName is { Length: > 0 } node ? new NodeName(node) : null,
        };
    }

    public static string? AddressOf(Pod pod) =>
        pod.Status?.PodIP is { Length: > 0 } address ? address : pod.Status?.PodIPs is [var first, ..] ? first?.Ip : null;
}
