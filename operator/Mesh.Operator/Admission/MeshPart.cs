// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Admission;

/// <summary>
/// Cuts the mesh down to what can be concerned by a change, so that a write is judged at the cost of the namespaces it touches. Policies reach
/// no further than their namespace; routes reach where their parents are. Endpoints and pods rule nothing.
/// </summary>
internal static class MeshPart
{
    public static ResourceSet Around(ProposedChange change, ResourceSet current)
    {
        var spaces = change.Versions
            .SelectMany(version => ProposedChange.ServicesOf(version, current))
            .Select(service => service.Namespace)
            .Append(change.Key.Namespace)
            .ToHashSet(StringComparer.Ordinal);
        var http = Keep(current.HttpRoutes, (key, route) => IsNear(key, route, spaces, current));
        var grpc = Keep(current.GrpcRoutes, (key, route) => IsNear(key, route, spaces, current));

        // A policy of a route's namespace may work on that route.
        var policySpaces = http.Keys.Concat(grpc.Keys).Select(key => key.Namespace).Concat(spaces).ToHashSet(StringComparer.Ordinal);
        var policies = Keep(current.TrafficPolicies, (key, _) => policySpaces.Contains(key.Namespace));

        // Backends may be anywhere, and the catalog of all services is made once for all reviews.
        return ResourceSet.Empty with
        {
            Revision = current.Revision,
            Meshes = current.Meshes,
            HttpRoutes = http,
            GrpcRoutes = grpc,
            TrafficPolicies = policies,
            Services = current.Services,
        };
    }

    private static bool IsNear(ObjectKey key, IKubernetesObject<V1ObjectMeta> route, HashSet<string> spaces, ResourceSet current) =>
        spaces.Contains(key.Namespace) || ProposedChange.ServicesOf(route, current).Any(service => spaces.Contains(service.Namespace));

    private static ImmutableDictionary<ObjectKey, T> Keep<T>(ImmutableDictionary<ObjectKey, T> all, Func<ObjectKey, T, bool> isKept) =>
        all.Where(pair => isKept(pair.Key, pair.Value)).ToImmutableDictionary();
}
