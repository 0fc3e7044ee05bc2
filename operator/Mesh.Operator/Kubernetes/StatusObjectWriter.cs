// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
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
                var look = Look(kind, key, term);
                if (Rest(look) is { } rest)
                {
                    return rest;
                }

                return kind.Shape switch
                {
                    StatusShape.Policy => await PolicyAsync(look, cancellationToken),
                    StatusShape.Route => await RouteAsync(look, cancellationToken),
                    StatusShape.Node => await NodeAsync(look, cancellationToken),
                };
            }
            catch (k8s.Autorest.HttpOperationException e) when (ApiFailure.Of(e).Kind == ApiFailureKind.Conflict && attempt < Attempts)
            {
                // Somebody wrote it since we read it.
                services.Metrics.StatusWriteFailed(ApiFailureKind.Conflict);
                if (term.Known.TryGetValue(key, out var known))
                {
                    term.Known[key] = known with { IsDoubted = true, Sent = null };
                }
            }
        }
    }

    /// <summary>What is to be written now. What a watch has told meanwhile is held against what was written.</summary>
    private StatusLook Look(StatusKind kind, ObjectKey key, StatusTerm term)
    {
        var item = queue.Read(key);
        if (item.Seen is { Status: null })
        {
            term.Known.TryRemove(key, out _);
        }
        else if (item.Seen is { Status: { } seen } && term.Known.TryGetValue(key, out var known))
        {
            term.Known[key] = known.Saw(seen);
        }

        return new StatusLook(kind, key, term, item);
    }

    /// <summary>Until when nothing is asked or written of an object whose status is written over again and again; null for all others.</summary>
    private DateTimeOffset? Rest(StatusLook look) =>
        look.Term.Known.GetValueOrDefault(look.Key) is { IsDoubted: true } known && StatusContest.Due(known, options) is var due && due > Now ? due : null;

    private async Task<DateTimeOffset?> PolicyAsync(StatusLook look, CancellationToken cancellationToken)
    {
        if (look.Item.Document is not { } document)
        {
            look.Term.Known.TryRemove(look.Key, out _);
            return null;
        }

        var known = look.KnownOf(document) ?? Remember(look, await api.ReadAsync(look.Kind, look.Key, cancellationToken));
        if (known is null || known.IsOfAnother(document))
        {
            // It is gone, or another one of its name that a report will speak of.
            return null;
        }

        var next = PolicyBody.Of(document, known.Base, Now.UtcDateTime);
        if (known.Has(next))
        {
            Settle(look, known);
            return null;
        }

        var due = Due(look, known, next);
        return due > Now
            ? await PutOffAsync(look.To(known), StatusWrite.OfLost(known), due, cancellationToken)
            : await ApplyAsync(look.To(known), StatusWrite.Of(next), cancellationToken);
    }

    private async Task<DateTimeOffset?> RouteAsync(StatusLook look, CancellationToken cancellationToken)
    {
        if (HasTime(look, out var again))
        {
            return again;
        }

        // What others have in it may have changed at any time, so it is read anew for each write.
        var route = await api.ReadAsync(look.Kind, look.Key, cancellationToken);
        var known = Remember(look, route);
        look = look with { Item = queue.Read(look.Key) };
        if (known is not null && look.Item.Seen?.Status is { } seen && known.Saw(seen) is { IsDoubted: true } doubted)
        {
            // Seen while it was read: before, or after.
            look.Term.Known[look.Key] = doubted;
            return Now;
        }

        var document = look.Item.Document;
        if (route is null || known is null || (document is not null && known.IsOfAnother(document)))
        {
            return null;
        }

        var next = RouteBody.Of(document, RouteBody.With(route, known.Base), Now.UtcDateTime);
        if (known.Has(next))
        {
            Settle(look, known);
            return null;
        }

        var due = document is null ? Now : Due(look, known, next);
        return due > Now
            ? await PutOffAsync(look.To(known), known.Lost is { } lost ? StatusWrite.Of(lost, route) : null, due, cancellationToken)
            : await ApplyAsync(look.To(known), StatusWrite.Of(next, route), cancellationToken);
    }

    /// <summary>Whether a route need not be read: as far as it is known, nothing of it is to be written now.</summary>
    private bool HasTime(StatusLook look, out DateTimeOffset? again)
    {
        again = null;
        if (look.Item.Document is not { Route: not null } told || look.KnownOf(told) is not { } known)
        {
            return false;
        }

        var draft = RouteBody.Of(told, RouteBody.With([], known.Base), Now.UtcDateTime);
        if (known.Has(draft))
        {
            Settle(look, known);
            return true;
        }

        again = Due(look, known, draft);
        return again > Now;
    }

    private async Task<DateTimeOffset?> NodeAsync(StatusLook look, CancellationToken cancellationToken)
    {
        var known = look.Known ?? Remember(look, await api.ReadAsync(look.Kind, look.Key, cancellationToken));
        if (look.Item.Document is not { } document)
        {
            return known is null ? null : await GoneAsync(look.To(known), look.Item, cancellationToken);
        }

        if (known is null)
        {
            var made = await api.ApplyNodeAsync(look.Kind, look.Key, Body(look.Kind, look.Key), cancellationToken);
            known = Remember(look, made) ?? throw new IOException(
                $"the cluster has no {look.Kind.Entry.Kind}: apply crds/manifests/{look.Kind.Entry.Group}_{look.Kind.Entry.Plural}.yaml");
        }

        var next = MeshNodeBody.Of(document, known.Base, known.Generation, options.Unanswered, Now.UtcDateTime);
        DateTimeOffset? answer = document.Progress?.PendingSince is { } since && Now.UtcDateTime - since < options.Unanswered ? new DateTimeOffset(since + options.Unanswered, TimeSpan.Zero) : null;
        if (known.Has(next))
        {
            Settle(look, known);
            return answer;
        }

        var due = Due(look, known, next);
        if (due > Now)
        {
            return await PutOffAsync(look.To(known), StatusWrite.OfLost(known), Sooner(due, answer), cancellationToken);
        }

        var again = await ApplyAsync(look.To(known), StatusWrite.Of(next), cancellationToken) ?? answer;

        // Somebody deleted the object, or its CRD and so all objects: it is made anew.
        return look.Term.Known.ContainsKey(look.Key) ? again : Now;
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
            var next = MeshNodeBody.Gone(target.Known.Base, target.Known.Generation, gone.UtcDateTime);
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
        var (kind, key, term, known) = target;
        var body = Body(kind, key);
        body["status"] = write.Status.DeepClone();
        if (write.Version is not null)
        {
            body["metadata"]!["resourceVersion"] = write.Version; // Body has metadata.
        }

        term.Known[key] = known with { Sent = write.Own };
        if (await api.ApplyStatusAsync(kind, key, body, cancellationToken) is not { } answer)
        {
            term.Known.TryRemove(key, out _);
            return null;
        }

        services.Metrics.StatusesWritten(1);
        term.Known[key] = known.Wrote(write.Own, KnownStatus.Of(kind, answer), Now, StatusContest.Restored(known, Now, options));
        if (known.Lost is not null)
        {
            services.Restored(key, term.Known[key].Restored);
        }

        await services.Events.RecordAsync(target, write.Own, cancellationToken);
        return null;
    }

    /// <summary>News wait until they are due; what was lost stands again meanwhile, unless its turn is later.</summary>
    private async Task<DateTimeOffset?> PutOffAsync(StatusTarget target, StatusWrite? lost, DateTimeOffset due, CancellationToken cancellationToken)
    {
        if (lost is null)
        {
            return due;
        }

        if (StatusContest.Answer(target.Known, options) is var answer && answer > Now)
        {
            return Sooner(due, answer);
        }

        await ApplyAsync(target, lost, cancellationToken);
        return due;
    }

    /// <summary>What is lost and still so is put in again at once, or when it is its turn; else patience is about what ours was before.</summary>
    private DateTimeOffset Due(StatusLook look, KnownStatus known, JsonObject next)
    {
        var times = look.Term.Times(look.Item, known);
        return known.HasLost(next) ? StatusContest.Answer(known, options)
            : look.Kind.Shape == StatusShape.Node ? StatusPatience.DueOfNode(known.Base, next, times, options)
            : StatusPatience.Due(known.Base, next, times, options);
    }

    private static void Settle(StatusLook look, KnownStatus known) => look.Term.Known[look.Key] = known.AtRest();

    private static KnownStatus? Remember(StatusLook look, JsonObject? item)
    {
        if (item is null)
        {
            look.Term.Known.TryRemove(look.Key, out _);
            return null;
        }

        var found = KnownStatus.Of(look.Kind, item);
        return look.Term.Known.AddOrUpdate(look.Key, found, (_, before) => before.Read(found));
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

/// <summary>An object that is looked at.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Its name.</param>
/// <param name="Term">The leader's term.</param>
/// <param name="Item">What is to be written of it.</param>
internal sealed record StatusLook(StatusKind Kind, ObjectKey Key, StatusTerm Term, StatusItem Item)
{
    /// <summary>What is known of the cluster's; null where it is to be read first.</summary>
    public KnownStatus? Known => Term.Known.GetValueOrDefault(Key) is { IsDoubted: false } known ? known : null;

    public KnownStatus? KnownOf(StatusDocument document) => Known is { } known && !known.IsOfAnother(document) ? known : null;

    public StatusTarget To(KnownStatus known) => new(Kind, Key, Term, known);
}

/// <summary>What is written: an object, and what the cluster has of it.</summary>
internal sealed record StatusTarget(StatusKind Kind, ObjectKey Key, StatusTerm Term, KnownStatus Known);

/// <param name="Status">What is sent.</param>
/// <param name="Own">What of it is ours.</param>
/// <param name="Version">The version of the object that this is about; null where all of the status is ours.</param>
internal sealed record StatusWrite(JsonObject Status, JsonObject Own, string? Version)
{
    public static StatusWrite Of(JsonObject own) => new(own, own, Version: null);

    /// <summary>Into a route as it was read.</summary>
    public static StatusWrite Of(JsonObject own, JsonObject route) => new(RouteBody.Merge(own, route), own, (string?)route["metadata"]?["resourceVersion"]);

    /// <summary>What somebody else wrote over; null where nobody did.</summary>
    public static StatusWrite? OfLost(KnownStatus known) => known.Lost is { } lost ? Of(lost) : null;
}

/// <summary>What the writer of an object needs beside the API.</summary>
internal sealed record StatusObjectServices(StatusEvents Events, MeshMetrics Metrics, TimeProvider Time, ILogger<StatusObjectWriter> Log)
{
    private readonly ConcurrentDictionary<string, bool> contested = new(StringComparer.Ordinal);

    /// <summary>Ours was put in again; where that happens again and again, it is told once for each kind.</summary>
    public void Restored(ObjectKey key, int times)
    {
        Metrics.StatusRestored();
        if (times >= StatusContest.Loud && contested.TryAdd(key.Kind, true))
        {
            Log.StatusContested(key.ToString());
        }
    }
}
