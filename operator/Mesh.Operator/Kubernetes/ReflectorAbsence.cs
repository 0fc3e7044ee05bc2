// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Client;

namespace Mesh.Operator.Kubernetes;

/// <summary>What a 404 for a kind means.</summary>
internal enum AbsenceVerdict
{
    /// <summary>Not sure yet: ask again.</summary>
    Unclear,

    /// <summary>The API server does not have the kind, so there are no objects of it.</summary>
    Sure,
}

/// <summary>
/// Tells a kind that is not there from one that is about to come or that a starting API server does not serve yet, and waits until asking
/// again makes sense: for a change of its CRD where CRDs can be watched, else for a while.
/// </summary>
internal sealed class ReflectorAbsence(ReflectedKind kind, ReflectorServices services)
{
    /// <summary>Between two looks for a kind that nothing tells the arrival of.</summary>
    public static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(1);

    /// <summary>With the pauses between them these are some seconds. A CRD is served sooner after it was made.</summary>
    private const int PatientMisses = 6;

    private readonly BackOff backOff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), services.Random);
    private WatchDefinitions seen = WatchDefinitions.Pending;
    private int misses;
    private bool isSure;

    /// <summary>Spread, so that the operators of a cluster do not look all at once.</summary>
    public static TimeSpan SlowPause(Func<double> random) => LongestLook * (0.5 + (random() / 2));

    public static AbsenceVerdict Judge(WatchDefinitions definitions, string definition, int misses) => definitions.Sight switch
    {
        DefinitionSight.Pending => AbsenceVerdict.Unclear,
        DefinitionSight.Known when definitions.VersionOf(definition) is null => AbsenceVerdict.Sure,

        // The CRD is there (for all we know): it is not served yet, or not in the version that we read.
        DefinitionSight.Known or DefinitionSight.Denied => misses >= PatientMisses ? AbsenceVerdict.Sure : AbsenceVerdict.Unclear,
    };

    /// <summary>The CRD is there, and with it the objects, though not in the version that is read here: that is no reason to take them out of force.</summary>
    public bool IsMerelyUnserved(string definition) => seen.Sight == DefinitionSight.Known && seen.VersionOf(definition) is not null;

    /// <summary>Counts a miss. True when it is sure that the kind is not there.</summary>
    /// <param name="definition">Name of its CRD.</param>
    /// <param name="held">How many objects of it are known.</param>
    public bool Miss(string definition, int held)
    {
        var now = services.Definitions.Value;
        if (now.VersionOf(definition) != seen.VersionOf(definition))
        {
            misses = 0;
            backOff.Reset();
        }

        seen = now;
        misses++;
        if (!isSure && Judge(now, definition, misses) == AbsenceVerdict.Sure)
        {
            isSure = true;
            Tell(definition, held);
        }

        return isSure;
    }

    /// <summary>The kind was listed.</summary>
    public void End()
    {
        if (isSure && kind.Definition is { } definition)
        {
            services.Log.KindArrived(kind.Name, definition);
        }

        isSure = false;
        misses = 0;
        backOff.Reset();
    }

    /// <summary>Waits after a miss.</summary>
    public async Task WaitAsync(string definition, CancellationToken ct)
    {
        // What was seen then, not what there is now: a change between the two ends the wait at once.
        var before = seen;
        var longest = Judge(before, definition, misses) == AbsenceVerdict.Unclear ? backOff.Next()
            : before.Sight == DefinitionSight.Known && before.VersionOf(definition) is null ? Timeout.InfiniteTimeSpan
            : SlowPause(services.Random);
        using var round = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var changed = services.Definitions.WaitForAsync(
            now => now.VersionOf(definition) != before.VersionOf(definition) || now.Sight != before.Sight, round.Token);
        await Task.WhenAny(changed, Task.Delay(longest, services.Time, round.Token));
        await round.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }

    private void Tell(string definition, int held)
    {
        if (held > 0 && IsMerelyUnserved(definition))
        {
            services.Log.VersionNotServed(kind.Name, kind.Path, definition);
        }
        else if (kind.Advice is { } advice)
        {
            services.Log.KindMissing(kind.Name, definition, advice);
        }
        else
        {
            services.Log.KindAbsent(kind.Name, definition);
        }
    }
}
