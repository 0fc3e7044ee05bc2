// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Crds.Access;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes.Access;

/// <summary>What the generated role says, and what an API server makes of it.</summary>
internal static class OperatorAccess
{
    /// <summary>Every rule with the namespace that it is for; "" for the whole cluster.</summary>
    public static IEnumerable<(AccessRule Rule, string Space)> Rules =>
        AccessTable.OperatorInCluster.Select(rule => (rule, "")).Concat(AccessTable.OperatorInNamespace.Select(rule => (rule, OperatorNames.Namespace)));

    public static string User(string account) => $"system:serviceaccount:{OperatorNames.Namespace}:{account}";

    /// <summary>Each thing that a rule allows, as "verb group/resource name", and "*" for any name.</summary>
    public static IEnumerable<string> Flat(string group, IEnumerable<string> resources, IEnumerable<string>? names, IEnumerable<string> verbs) =>
        from resource in resources from name in (names ?? []).DefaultIfEmpty("*") from verb in verbs select $"{verb} {group}/{resource} {name}";

    public static async Task<bool> IsAllowedAsync(k8s.Kubernetes admin, AccessRule rule, (string Resource, string Verb, string Space) request)
    {
        var parts = request.Resource.Split('/');
        var review = await admin.AuthorizationV1.CreateSubjectAccessReviewAsync(new V1SubjectAccessReview
        {
            Spec = new V1SubjectAccessReviewSpec
            {
                User = User(OperatorNames.Operator),
                ResourceAttributes = new V1ResourceAttributes
                {
                    Group = rule.Group,
                    Resource = parts[0],
                    Subresource = parts.Length > 1 ? parts[1] : null,
                    Name = rule.Names.FirstOrDefault(),
                    NamespaceProperty = request.Space,
                    Verb = request.Verb,
                },
            },
        }).WithTimeout();
        return review.Status.Allowed;
    }

    /// <summary>Roles take effect through a cache, and nothing tells when.</summary>
    public static async Task UntilInForceAsync(TestApiServer server)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);
        using var admin = server.Client();
        foreach (var (rule, space) in Rules)
        {
            while (!await IsAllowedAsync(admin, rule, (rule.Resources[0], rule.Verbs[0], space)))
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
    }
}
