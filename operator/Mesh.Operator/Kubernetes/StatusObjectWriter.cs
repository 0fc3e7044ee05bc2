// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Operator.Telemetry;

namespace Mesh.Operator.Kubernetes;

/// <summary>Brings one object's status to where it should be. Each of its writes says which version of the object it is about, or is all ours.</summary>
internal sealed class StatusObjectWriter(StatusApi api, StatusQueue queue, StatusWriteOptions options, StatusObjectServices services)
{
    // Who is overtaken by other writers so often waits like one whose write failed.
    private const int Attempts = 5;

    private DateTimeOffset Now => services.Time.GetUtcNow();

    /// <returns>When the object is to be looked at again; null: when it has changed.</returns>
    public async Task<DateTimeOffset?> WriteAsync(ObjectKey key, StatusTerm term, CancellationToken cancellationToken)
    {
        if (StatusKind.Of(key) is not { } kind)
        {
            return null;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return kind.Shape switch
                {
                    StatusShape.Policy => await PolicyAsync(kind, key, term, cancellationToken),
                    StatusShape.Route => await RouteAsync(kind, key, term, cancellationToken),
                    StatusShape.Node => await NodeAsync(kind, key, term, cancellationToken),
                };
            }
            catch (k8s.Autorest.HttpOperationException e) when (ApiFailure.Of(e).Kind == ApiFailureKind.Conflict && attempt < Attempts)
            {
                // Somebody wrote it since we read it.
                services.Metrics.StatusWriteFailed(ApiFailureKind.Conflict);
                term.Known.TryRemove(key, out _);
            }
        }
    }

    private async Task<DateTimeOffset?> PolicyAsync(StatusKind kind, ObjectKey key, StatusTerm term, CancellationToken cancellationToken)
    {
        var item = queue.Read(key);
        if (item.Document is not { } document)
        {
            term.Known.TryRemove(key, out _);
            return null;
        }

        var known = Known(term, key, document) ?? Remember(term, kind, key, await api.ReadAsync(kind, key, cancellationToken));
        if (known is null || IsOfAnother(document, known))
        {
            // It is gone, or another one of its name that a report will speak of.
            return null;
        }

        var next = PolicyBody.Of(document, known.Status, Now.UtcDateTime);
        if (known.Has(next))
        {
            return null;
        }

        var due = StatusPatience.Due(known.Status, next, term.Times(item, known), options);
        return due > Now ? due : await ApplyAsync(new(kind, key, term, known), StatusWrite.Of(next), cancellationToken);
    }

    private async Task<DateTimeOffset?> RouteAsync(StatusKind kind, ObjectKey key, StatusTerm term, CancellationToken cancellationToken)
    {
        var item = queue.Read(key);
        if (item.Document is { Route: not null } told && Known(term, key, told) is { } before)
        {
            var draft = RouteBody.Of(told, new JsonObject { ["status"] = before.Status?.DeepClone() }, Now.UtcDateTime);
            var at = before.Has(draft) ? (DateTimeOffset?)null : StatusPatience.Due(before.Status, draft, term.Times(item, before), options);
            if (at is null || at > Now)
            {
                return at;
            }
        }

        // What others have in it may have changed at any time, so it is read anew for each write.
        var route = await api.ReadAsync(kind, key, cancellationToken);
        var written = term.Known.GetValueOrDefault(key)?.Written;
        var known = Remember(term, kind, key, route);
        item = queue.Read(key);
        if (route is null || known is null || (item.Document is { } document && IsOfAnother(document, known)))
        {
            return null;
        }

        known = known with { Written = written };
        var next = RouteBody.Of(item.Document, route, Now.UtcDateTime);
        if (known.Has(next))
        {
            return null;
        }

        var due = item.Document is null ? Now : StatusPatience.Due(known.Status, next, term.Times(item, known), options);
        return due > Now
            ? due
            : await ApplyAsync(
                new(kind, key, term, known), new(RouteBody.Merge(next, route), next, (string?)route["metadata"]?["resourceVersion"]), cancellationToken);
    }

    private async Task<DateTimeOffset?> NodeAsync(StatusKind kind, ObjectKey key, StatusTerm term, CancellationToken cancellationToken)
    {
        var known = term.Known.GetValueOrDefault(key) ?? Remember(term, kind, key, await api.ReadAsync(kind, key, cancellationToken));
        var item = queue.Read(key);
        if (item.Document is not { } document)
        {
            return known is null ? null : await GoneAsync(new(kind, key, term, known), item, cancellationToken);
        }

        if (known is null)
        {
            var made = await api.ApplyNodeAsync(kind, key, Body(kind, key), cancellationToken);
            known = Remember(term, kind, key, made) ?? throw new IOException(
                $"the cluster has no {kind.Entry.Kind}: apply crds/manifests/{kind.Entry.Group}_{kind.Entry.Plural}.yaml");
        }

        var next = MeshNodeBody.Of(document, known.Status, known.Generation, options.Unanswered, Now.UtcDateTime);
        DateTimeOffset? answer = document.Progress?.PendingSince is { } since && Now.UtcDateTime - since < options.Unanswered ? new DateTimeOffset(since + options.Unanswered, TimeSpan.Zero) : null;
        if (known.Has(next))
        {
            return answer;
        }

        var due = StatusPatience.DueOfNode(known.Status, next, term.Times(item, known), options);
        if (due > Now)
        {
            return Sooner(due, answer);
        }

        var again = await ApplyAsync(new(kind, key, term, known), StatusWrite.Of(next), cancellationToken) ?? answer;

        // Somebody deleted the object, or its CRD and so all objects: it is made anew.
        return term.Known.ContainsKey(key) ? again : Now;
    }

    private async Task<DateTimeOffset?> GoneAsync(StatusTarget target, StatusItem item, CancellationToken cancellationToken)
    {
        if (MeshNodeBody.GoneSince(target.Known.Status) is not { } gone)
        {
            var since = item.Since + (item.Since <= target.Term.Start ? options.Return : options.Away);
            if (since > Now)
            {
                return since;
            }

            gone = item.Since;
            var next = MeshNodeBody.Gone(target.Known.Status, target.Known.Generation, gone.UtcDateTime);
            await ApplyAsync(target, StatusWrite.Of(next), cancellationToken);
            return gone + options.NodeKept;
        }

        if (gone + options.NodeKept > Now)
        {
            return gone + options.NodeKept;
        }

        await api.DeleteNodeAsync(target.Kind, target.Key, target.Known.Uid, cancellationToken);
        target.Term.Known.TryRemove(target.Key, out _);
        return null;
    }

    private async Task<DateTimeOffset?> ApplyAsync(StatusTarget target, StatusWrite write, CancellationToken cancellationToken)
    {
        var body = Body(target.Kind, target.Key);
        body["status"] = write.Status.DeepClone();
        if (write.Version is not null)
        {
            body["metadata"]!["resourceVersion"] = write.Version; // Body has metadata.
        }

        if (await api.ApplyStatusAsync(target.Kind, target.Key, body, cancellationToken) is null)
        {
            target.Term.Known.TryRemove(target.Key, out _);
            return null;
        }

        services.Metrics.StatusesWritten(1);
        target.Term.Known[target.Key] = target.Known with { Status = write.Own, Written = Now };
        await services.Events.RecordAsync(target, write.Own, cancellationToken);
        return null;
    }

    private static KnownStatus? Known(StatusTerm term, ObjectKey key, StatusDocument document) =>
        term.Known.TryGetValue(key, out var known) && !IsOfAnother(document, known) ? known : null;

    /// <summary>A name may have passed on to another object.</summary>
    private static bool IsOfAnother(StatusDocument document, KnownStatus known) =>
        document.Status.Uid is { } uid && known.Uid is not null && uid != known.Uid;

    private static KnownStatus? Remember(StatusTerm term, StatusKind kind, ObjectKey key, JsonObject? item)
    {
        if (item is null)
        {
            term.Known.TryRemove(key, out _);
            return null;
        }

        var known = KnownStatus.Of(kind, item);
        term.Known[key] = known;
        return known;
    }

    private static JsonObject Body(StatusKind kind, ObjectKey key)
    {
        var metadata = new JsonObject { ["name"] = key.Name };
        if (kind.IsNamespaced)
        {
            metadata["namespace"] = key.Namespace;
        }

        return new JsonObject { ["apiVersion"] = kind.Entry.ApiVersion, ["kind"] = kind.Entry.Kind, ["metadata"] = metadata };
    }

    private static DateTimeOffset Sooner(DateTimeOffset left, DateTimeOffset? right) => right is { } other && other < left ? other : left;
}

/// <summary>What is written: an object, and what the cluster has of it.</summary>
internal sealed record StatusTarget(StatusKind Kind, ObjectKey Key, StatusTerm Term, KnownStatus Known);

/// <param name="Status">What is sent.</param>
/// <param name="Own">What of it is ours.</param>
/// <param name="Version">The version of the object that this is about; null where all of the status is ours.</param>
internal sealed record StatusWrite(JsonObject Status, JsonObject Own, string? Version)
{
    public static StatusWrite Of(JsonObject own) => new(own, own, Version: null);
}

/// <summary>What the writer of an object needs beside the API.</summary>
internal sealed record StatusObjectServices(StatusEvents Events, MeshMetrics Metrics, TimeProvider Time);
