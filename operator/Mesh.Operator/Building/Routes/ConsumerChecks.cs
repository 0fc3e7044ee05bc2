// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building.Facts;

namespace Mesh.Operator.Building.Routes;

/// <summary>
/// A consumer route is for the clients of its own namespace. Where none of them is enrolled it is in force and yet meets no request, which a user
/// would else look for long.
/// </summary>
internal static class ConsumerChecks
{
    public static IEnumerable<Finding> Of(CompiledRoute route, Lookups lookups)
    {
        var attachments = route.Attachments.Where(attachment => attachment.ClientNamespace is { } client && !lookups.HasClients(client)).ToArray();
        return !Array.Exists(attachments, attachment => IsInForce(route, attachment, lookups))
            ? []
            : attachments.DistinctBy(attachment => attachment.Parent).Select(attachment => new Finding(
                route.Source.Reference,
                attachment.Parent,
                FindingCondition.Accepted,
                Reasons.NoClients,
                $"spec.parentRefs[{attachment.Parent}]",
                $"this is for clients in namespace {attachment.ClientNamespace} alone, of which no pod is enrolled: set the label {EnrolmentLabel.Key} of the "
                + $"Namespace, or of pods, to \"{EnrolmentLabel.Enabled}\" (gRPC clients without a proxy need no label)",
                IsPartial: true));
    }

    private static bool IsInForce(CompiledRoute route, Attachment attachment, Lookups lookups) =>
        route.Kind == RouteKind.Grpc || lookups.Displacing(attachment.Port, attachment.ClientNamespace ?? "") is null;
}
