// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Kubernetes;

/// <summary>The requests that writing statuses needs, each within the budget and with an end. It has no rule of what is written.</summary>
internal sealed class StatusApi(IKubernetes client, StatusWriteOptions options, TokenBucket budget, TimeProvider time)
{
    /// <summary>The one owner of all fields that we write.</summary>
    public const string FieldManager = "mesh-operator";

    private const int PageSize = 500;

    /// <summary>All objects of a kind, or none where the cluster has no such kind.</summary>
    public async IAsyncEnumerable<JsonObject> ListAsync(StatusKind kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var token = next;
            var page = await CallAsync(
                ct => client.CustomObjects.ListClusterCustomObjectAsync(
                    kind.Entry.Group, kind.Entry.Version, kind.Entry.Plural, continueParameter: token, limit: PageSize, cancellationToken: ct),
                cancellationToken);
            foreach (var item in (page?["items"]?.AsArray() ?? []).OfType<JsonObject>())
            {
                yield return item;
            }

            next = (string?)page?["metadata"]?["continue"];
        }
        while (!string.IsNullOrEmpty(next));
    }

    /// <returns>Null where there is no such object.</returns>
    public Task<JsonObject?> ReadAsync(StatusKind kind, ObjectKey key, CancellationToken cancellationToken) => CallAsync(
        ct => kind.IsNamespaced
            ? client.CustomObjects.GetNamespacedCustomObjectAsync(kind.Entry.Group, kind.Entry.Version, key.Namespace, kind.Entry.Plural, key.Name, ct)
            : client.CustomObjects.GetClusterCustomObjectAsync(kind.Entry.Group, kind.Entry.Version, kind.Entry.Plural, key.Name, ct),
        cancellationToken);

    /// <summary>Server-side apply of the status.</summary>
    /// <returns>Null where there is no such object.</returns>
    public Task<JsonObject?> ApplyStatusAsync(StatusKind kind, ObjectKey key, JsonObject body, CancellationToken cancellationToken)
    {
        var patch = new V1Patch(body.ToJsonString(), V1Patch.PatchType.ApplyPatch);
        return CallAsync(
            ct => kind.IsNamespaced
                ? client.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
                    patch, kind.Entry.Group, kind.Entry.Version, key.Namespace, kind.Entry.Plural, key.Name, fieldManager: FieldManager, force: true, cancellationToken: ct)
                : client.CustomObjects.PatchClusterCustomObjectStatusAsync(
                    patch, kind.Entry.Group, kind.Entry.Version, kind.Entry.Plural, key.Name, fieldManager: FieldManager, force: true, cancellationToken: ct),
            cancellationToken);
    }

    /// <summary>Makes the object of a node, or leaves the one that is there.</summary>
    public Task<JsonObject?> ApplyNodeAsync(StatusKind kind, ObjectKey key, JsonObject body, CancellationToken cancellationToken)
    {
        var patch = new V1Patch(body.ToJsonString(), V1Patch.PatchType.ApplyPatch);
        return CallAsync(
            ct => client.CustomObjects.PatchClusterCustomObjectAsync(
                patch, kind.Entry.Group, kind.Entry.Version, kind.Entry.Plural, key.Name, fieldManager: FieldManager, force: true, cancellationToken: ct),
            cancellationToken);
    }

    /// <summary>Deletes the object of a node; only the very one that was looked at.</summary>
    public Task DeleteNodeAsync(StatusKind kind, ObjectKey key, string? uid, CancellationToken cancellationToken) => CallAsync(
        ct => client.CustomObjects.DeleteClusterCustomObjectAsync(
            kind.Entry.Group,
            kind.Entry.Version,
            kind.Entry.Plural,
            key.Name,
            new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid } },
            cancellationToken: ct),
        cancellationToken);

    public async Task CreateEventAsync(Eventsv1Event @event, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.RequestLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await client.EventsV1.CreateNamespacedEventAsync(@event, @event.Metadata.NamespaceProperty, cancellationToken: both.Token);
    }

    private async Task<JsonObject?> CallAsync(Func<CancellationToken, Task<object>> call, CancellationToken cancellationToken)
    {
        await budget.TakeAsync(cancellationToken);
        using var limit = new CancellationTokenSource(options.RequestLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await call(both.Token) is JsonElement { ValueKind: JsonValueKind.Object } element ? JsonObject.Create(element) : [];
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
