// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Client;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// The pauses of one reflector between its attempts. After an outage each kind would wait out a pause of its own that grew while nobody
/// answered; so the first that gets through wakes the others. They come spread over a moment, and when the first comes is drawn by its own
/// pause, so many operators do not come at once.
/// </summary>
internal sealed class ReflectorPause(ReflectorServices services)
{
    /// <summary>Within which the woken come.</summary>
    public static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    /// <summary>Also between two times that one is woken: a server that comes and goes does not take the pauses away.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly BackOff backOff = new(First, Longest, services.Random);
    private Task returned = Task.CompletedTask;
    private long? woken;
    private bool isAway;
    private bool hasMissed;

    /// <summary>Not who was refused, or asked for patience: the server was there, and meant it.</summary>
    private bool MayBeWoken => hasMissed && (woken is not { } last || services.Time.GetElapsedTime(last) >= Longest);

    /// <summary>An attempt begins: who gets through from now on counts for the pause after it.</summary>
    public void Attempt()
    {
        hasMissed = false;
        returned = services.Returns.Read().Changed;
    }

    /// <summary>The attempt failed because the server was away, or took nobody.</summary>
    public void Miss() => (isAway, hasMissed) = (true, true);

    /// <summary>The server answers. After an outage that is news for the other kinds.</summary>
    public void Answered()
    {
        if (isAway)
        {
            isAway = false;
            services.Returns.Publish(true);
            Attempt();
        }
    }

    public TimeSpan Next() => backOff.Next();

    public void Reset() => backOff.Reset();

    /// <summary>Waits; after an outage only until the server answers another kind.</summary>
    public async Task WaitAsync(TimeSpan pause, CancellationToken ct)
    {
        using var round = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var over = Task.Delay(pause, services.Time, round.Token);
        if (pause > Spread && MayBeWoken && await Task.WhenAny(over, returned) != over)
        {
            woken = services.Time.GetTimestamp();
            backOff.Reset();
            await Task.WhenAny(over, Task.Delay(Spread * services.Random(), services.Time, round.Token));
        }
        else
        {
            await over;
        }

        await round.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }
}
