// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Services;

/// <summary>
/// Which pods take part in the mesh as clients: a label on the pod, else the same label on its namespace. Without either a pod does not: nobody's
/// connections are taken over unasked. What is called needs no enrolment, every Service is a destination.
/// </summary>
internal static class Enrolment
{
    public static bool IsEnrolled(Pod pod, Namespace? space) => Read(pod.Metadata) ?? Read(space?.Metadata) ?? false;

    public static bool IsEnrolled(Namespace? space) => Read(space?.Metadata) ?? false;

    /// <summary>Namespaces that are enrolled, or have a pod that is: where a consumer route finds clients.</summary>
    public static ImmutableHashSet<string> Namespaces(ImmutableDictionary<ObjectKey, Namespace> spaces, EquatableArray<Workload> workloads) =>
        spaces.Where(pair => IsEnrolled(pair.Value)).Select(pair => pair.Key.Name)
            .Concat(workloads.Select(workload => workload.Namespace))
            .ToImmutableHashSet(StringComparer.Ordinal);

    public static ObjectKey KeyOf(string space) => new(nameof(Namespace), "", space);

    /// <summary>A value that is neither of the two is as good as none, and its writer is told.</summary>
    public static Finding? Check(UserObject source, V1ObjectMeta? metadata) =>
        TextOf(metadata) is { } text && Read(metadata) is null
            ? new Finding(
                source.Reference,
                Parent: null,
                FindingCondition.Accepted,
                Reasons.UnsupportedValue,
                $"metadata.labels[{EnrolmentLabel.Key}]",
                $"\"{text}\" is neither \"{EnrolmentLabel.Enabled}\" nor \"{EnrolmentLabel.Disabled}\", and counts as no label at all")
            : null;

    private static bool? Read(V1ObjectMeta? metadata) => TextOf(metadata) switch
    {
        EnrolmentLabel.Enabled => true,
        EnrolmentLabel.Disabled => false,
        _ => null,
    };

    private static string? TextOf(V1ObjectMeta? metadata) =>
        metadata?.Labels is { } labels && labels.TryGetValue(EnrolmentLabel.Key, out var text) ? text : null;
}
