// SPDX-License-Identifier: Apache-2.0
using k8s.Exceptions;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Keeps a sink equal to what the API server has of one kind: lists, then watches from the list's version on. A watch that ends or breaks
/// goes on where it was; only when the server no longer knows that version is everything listed again. It ends when it is cancelled.
/// </summary>
internal sealed class Reflector(ReflectedKind kind, IReflectorSink sink, ReflectorServices services)
{
    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(4);

    /// <summary>A watch that lived for so long was a good one, though nothing happened in it.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(1);

    private const int LoudStrike = 2;

    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ReflectorPause pauses = new(services);
    private readonly WatchTally tally = new(services.Time);
    private readonly ReflectorAbsence absence = new(kind, services);
    private string? version;
    private bool isPaged;
    private int strikes;
    private bool isLost;
    private volatile string? trouble;
    private long? opened;

    /// <summary>Completes after the first full list, or when it is sure that the API server does not have the kind.</summary>
    public Task Synced => synced.Task;

    public string Kind => kind.Name;

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? Trouble => trouble;

    public WatchCounts Counts => tally.Counts(kind.Name, sink.Count);

    private bool HasLasted => opened is { } start && services.Time.GetElapsedTime(start) >= Lasting;

    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var pause = await AttemptAsync(ct);
                if (pause > TimeSpan.Zero)
                {
                    await pauses.WaitAsync(pause, ct);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    /// <summary>One list with its watch, or one watch. The result is the pause before the next.</summary>
    private async Task<TimeSpan> AttemptAsync(CancellationToken ct)
    {
        opened = null;
        pauses.Attempt();
        try
        {
            if (version is null && isPaged)
            {
                await ListAsync(ct);
            }

            var hasHeard = version is null
                ? await FollowAsync(WatchRequests.StreamingList(kind.Path), [], ct)
                : await FollowAsync(WatchRequests.Watch(kind.Path, version), initial: null, ct);
            if (!hasHeard && !HasLasted)
            {
                return pauses.Next();
            }

            Succeed();
            return TimeSpan.Zero;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (WatchException e) when (version is null && !isPaged && e.IsNotUnderstood)
        {
            // A server older than streaming lists, or with them switched off.
            isPaged = true;
            return TimeSpan.Zero;
        }
        catch (WatchException e) when (version is not null && e.RefusesVersion)
        {
            services.Log.VersionExpired(kind.Name, e.Message);
            version = null;
            return pauses.Next();
        }
        catch (WatchException e) when (e.IsNotFound && kind.Definition is { } definition)
        {
            return await MissAsync(definition, ct);
        }
        catch (Exception e)
        {
            return Fail(e);
        }
    }

    /// <summary>The whole kind page by page. A list that grew too old while it was read is read again in one piece.</summary>
    private async Task ListAsync(CancellationToken ct)
    {
        var objects = new List<WatchedObject>();
        var limit = services.PageSize;
        var next = "";
        while (true)
        {
            try
            {
                var page = await services.Client.GetPageAsync(WatchRequests.Page(kind.Path, limit, next), kind, ct);
                pauses.Answered();
                objects.AddRange(page.Objects);
                next = page.Continue;
                if (next.Length == 0)
                {
                    Replace(objects, page.Version);
                    return;
                }
            }
            catch (WatchException e) when (e.IsGone && next.Length > 0)
            {
                objects.Clear();
                (limit, next) = (0, "");
            }
        }
    }

    /// <summary>Reads a watch to its end.</summary>
    /// <param name="request">The watch.</param>
    /// <param name="initial">Where the objects of a streaming list are gathered; null for a watch that goes on.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>Whether the watch told anything beyond the list.</returns>
    private async Task<bool> FollowAsync(string request, List<WatchedObject>? initial, CancellationToken ct)
    {
        using var silence = new ReflectorSilence(services.Time, ct);
        using var response = await services.Client.GetAsync(request, kind.WatchType, ct);
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        await using var watch = new WatchStream(body, kind.Reader);
        tally.Watched();
        pauses.Answered();
        opened = services.Time.GetTimestamp();
        var hasHeard = false;
        if (initial is null)
        {
            Regain();
        }

        while (await silence.LimitAsync(watch.ReadAsync) is { } events)
        {
            tally.Received(events.Count);
            var rest = initial is null ? events : Gather(events, ref initial);
            if (initial is null && rest.Count > 0)
            {
                hasHeard = true;
                Take(rest);
            }
        }

        return initial is null ? hasHeard : throw new InvalidDataException("the streaming list ended before its end mark");
    }

    /// <summary>Collects the objects of a streaming list; at its end mark they replace what is held, and the events behind it are left over.</summary>
    private IReadOnlyList<WatchEvent> Gather(IReadOnlyList<WatchEvent> events, ref List<WatchedObject>? initial)
    {
        for (var i = 0; i < events.Count && initial is not null; i++)
        {
            switch (events[i])
            {
                case WatchEvent.Changed { Object: var watched }:
                    initial.Add(watched);
                    break;
                case WatchEvent.Deleted { Object: var watched }:
                    initial.RemoveAll(listed => listed.Key == watched.Key);
                    break;
                case WatchEvent.Bookmark { EndsInitialEvents: true } mark:
                    Replace(initial, mark.Version);
                    initial = null;
                    return [.. events.Skip(i + 1)];
                case WatchEvent.Failed { Reason: var reason }:
                    throw reason;
            }
        }

        return [];
    }

    private void Replace(List<WatchedObject> objects, string listed)
    {
        sink.Replace(objects);
        version = listed;
        tally.Listed();
        services.Log.Listed(kind.Name, objects.Count);
        absence.End();
        Regain();
        synced.TrySetResult();
    }

    private void Take(IReadOnlyList<WatchEvent> events)
    {
        var changes = new List<WatchEvent>(events.Count);
        var newest = version;
        WatchException? failure = null;
        foreach (var one in events)
        {
            switch (one)
            {
                case WatchEvent.Changed { Object: var watched }:
                    changes.Add(one);
                    newest = watched.Version.Length > 0 ? watched.Version : newest;
                    break;
                case WatchEvent.Deleted { Object: var watched }:
                    changes.Add(one);
                    newest = watched.Version.Length > 0 ? watched.Version : newest;
                    break;
                case WatchEvent.Bookmark bookmark:
                    newest = bookmark.Version;
                    break;
                case WatchEvent.Failed failed:
                    failure = failed.Reason;
                    break;
            }
        }

        if (changes.Count > 0)
        {
            sink.Apply(changes);
        }

        version = newest;
        if (failure is not null)
        {
            throw failure;
        }

        Succeed();
    }

    /// <summary>The kind is not there (404): either for good, then nothing of it is, or it comes or is back in a moment.</summary>
    private async Task<TimeSpan> MissAsync(string definition, CancellationToken ct)
    {
        version = null;
        tally.Failed();
        if (absence.Miss(definition, sink.Count))
        {
            if (!absence.IsMerelyUnserved(definition))
            {
                sink.Replace([]);
            }

            synced.TrySetResult();
        }

        await absence.WaitAsync(definition, ct);
        return TimeSpan.Zero;
    }

    private TimeSpan Fail(Exception e)
    {
        if (HasLasted)
        {
            // It was a good one before it broke, though nothing happened in it.
            Succeed();
        }

        tally.Failed();
        trouble = e.Message;
        strikes++;
        if (version is null && e is (InvalidDataException or TimeoutException))
        {
            // A streaming list that was not completed: the server ends watches sooner than it can send it, or never sends its end mark.
            isPaged = true;
        }

        if (e is WatchException { IsForbidden: true } && kind.WithoutIt is { } effect)
        {
            return Deny(e, effect);
        }

        var pause = pauses.Next();
        if (!IsOfTheWorld(e))
        {
            services.Log.WatchBug(e, kind.Name, pause.TotalSeconds);
            return pause;
        }

        if (e is WatchException { IsUnauthorized: true })
        {
            // It is told for all kinds at once, and mended by somebody who waits for it.
            pause = pause < RefusedPause ? pause : RefusedPause * (0.5 + (services.Random() / 2));
        }
        else if (strikes >= LoudStrike && !isLost)
        {
            // One break is mended at once and worth no line.
            isLost = true;
            services.Log.WatchLost(kind.Name, e.Message);
        }

        services.Log.WatchFailed(e, kind.Name, pause.TotalSeconds);
        if (e is WatchException { RetryAfter: var asked } && asked > TimeSpan.Zero)
        {
            return asked > pause ? asked : pause;
        }

        if (e is not WatchException { IsRefusal: true })
        {
            pauses.Miss();
        }

        return pause;
    }

    private TimeSpan Deny(Exception e, string effect)
    {
        if (strikes == 1)
        {
            services.Log.SightDenied(kind.Name, e.Message, effect, ReflectorAbsence.LongestLook.TotalSeconds);
        }

        // What is known afterwards is known from a list: the sink has forgotten what changes would be changes of.
        version = null;
        sink.Deny();
        return ReflectorAbsence.SlowPause(services.Random);
    }

    private static bool IsOfTheWorld(Exception e) => e is WatchException or HttpRequestException or IOException or InvalidDataException
        or TimeoutException or OperationCanceledException or UnauthorizedAccessException or KubeConfigException;

    /// <summary>It was not only let in but told something, or left in peace for a while.</summary>
    private void Succeed()
    {
        trouble = null;
        strikes = 0;
        pauses.Reset();
    }

    private void Regain()
    {
        if (isLost)
        {
            isLost = false;
            services.Log.WatchRegained(kind.Name);
        }
    }
}
