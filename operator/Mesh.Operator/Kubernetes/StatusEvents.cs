// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Sources;
using Mesh.Operator.Telemetry;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Tells of statuses that turned, as events beside their objects. An event is a hint and no more: what the budget does not allow or the API server
/// does not take is dropped, for the conditions say it all the same.
/// </summary>
internal sealed class StatusEvents(StatusApi api, KubernetesOptions identity, StatusWriteOptions options, StatusEventServices services)
{
    // The API's limits.
    private const int LongestNote = 1024;
    private const int LongestInstance = 128;
    private const int LongestName = 200;
    private const int RememberedEvents = 4096;

    private readonly TokenBucket budget = new(options.EventRate, options.EventBurst, services.Time);
    private readonly ConcurrentDictionary<ObjectKey, ImmutableHashSet<string>> failing = new();
    private readonly ConcurrentDictionary<(ObjectKey Key, string Condition, string Reason), long> told = new();
    private bool isTroubleTold;

    /// <param name="target">The object, with what the cluster had of it.</param>
    /// <param name="next">What it has now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RecordAsync(StatusTarget target, JsonObject next, CancellationToken cancellationToken)
    {
        var wasFalse = failing.GetValueOrDefault(target.Key, []).Union(EventRules.False(target.Known.Base));
        foreach (var found in EventRules.Of(target.Known.Base, next, wasFalse))
        {
            if (IsNew(target.Key, found) && budget.TryTake())
            {
                await CreateAsync(target, found, cancellationToken);
            }
        }

        var stays = wasFalse.Union(EventRules.False(next)).Except(EventRules.True(next));
        if (stays.IsEmpty)
        {
            failing.TryRemove(target.Key, out _);
        }
        else
        {
            failing[target.Key] = stays;
        }
    }

    private bool IsNew(ObjectKey key, StatusEvent found)
    {
        var now = services.Time.GetTimestamp();
        var name = (key, found.Condition, found.IsWarning ? found.Reason : string.Empty);
        if (told.TryGetValue(name, out var last) && services.Time.GetElapsedTime(last, now) < options.EventQuiet)
        {
            return false;
        }

        if (told.Count > RememberedEvents)
        {
            told.Clear();
        }

        told[name] = now;
        return true;
    }

    private async Task CreateAsync(StatusTarget target, StatusEvent found, CancellationToken cancellationToken)
    {
        try
        {
            await api.CreateEventAsync(Event(target, found), cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = ApiFailure.Of(e);
            services.Metrics.StatusWriteFailed(failure.Kind);
            if (!isTroubleTold && !failure.IsOfTerminatingNamespace)
            {
                isTroubleTold = true;
                services.Log.EventNotWritten(target.Key.ToString(), failure.Message, failure.Advice("create events of events.k8s.io"));
            }
        }
    }

    private Eventsv1Event Event(StatusTarget target, StatusEvent found)
    {
        var key = target.Key;
        var space = key.Namespace.Length == 0 ? "default" : key.Namespace;
        var name = key.Name.Length <= LongestName ? key.Name : key.Name[..LongestName].TrimEnd('.', '-');
        return new Eventsv1Event
        {
            Metadata = new V1ObjectMeta { Name = $"{name}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}", NamespaceProperty = space },
            EventTime = services.Time.GetUtcNow().UtcDateTime,
            Type = found.IsWarning ? "Warning" : "Normal",
            Reason = found.Reason,
            Action = found.Condition,
            Note = Cut($"{found.Condition} is {(found.IsWarning ? "False" : "True now")}: {found.Note}"),
            ReportingController = ApiGroup.ControllerName,
            ReportingInstance = identity.Identity.Length <= LongestInstance ? identity.Identity : identity.Identity[..LongestInstance],
            Regarding = new V1ObjectReference
            {
                ApiVersion = target.Kind.Entry.ApiVersion,
                Kind = target.Kind.Entry.Kind,
                Name = key.Name,
                NamespaceProperty = key.Namespace.Length == 0 ? null : key.Namespace,
                Uid = target.Known.Uid,
            },
        };
    }

    /// <summary>The limit is one of bytes.</summary>
    private static string Cut(string note)
    {
        if (Encoding.UTF8.GetByteCount(note) <= LongestNote)
        {
            return note;
        }

        var length = Math.Min(note.Length, LongestNote);
        while (Encoding.UTF8.GetByteCount(note.AsSpan(0, length)) > LongestNote - 4)
        {
            length--;
        }

        return note[..length] + "…";
    }
}

/// <summary>What events need beside the API.</summary>
internal sealed record StatusEventServices(MeshMetrics Metrics, TimeProvider Time, ILogger<StatusEvents> Log);
