// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Mesh.Xds.Edge;

/// <summary>
/// Hands out shares of a total in the order of asking. One client gets its own part at most, so that those who ask behind a greedy one
/// overtake it. Nobody is refused while the list of those who wait has room.
/// </summary>
/// <param name="total">What there is.</param>
/// <param name="perClient">What one client gets of it at most.</param>
/// <param name="longestQueue">How many may wait.</param>
public sealed class FairLimiter(long total, long perClient, int longestQueue)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> used = new(StringComparer.Ordinal);
    private readonly LinkedList<Waiter> waiting = [];
    private long inUse;

    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    public long InUse
    {
        get
        {
            lock (gate)
            {
                return inUse;
            }
        }
    }

    /// <summary>The share as soon as it is there; null when too many wait already. More than a client's part is never there and must not be asked for.</summary>
    public async ValueTask<IDisposable?> TakeAsync(string client, long amount, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, Math.Min(total, perClient));
        LinkedListNode<Waiter> place;
        lock (gate)
        {
            if (CanHave(client, amount) && !IsOvertaking(amount))
            {
                return Give(client, amount);
            }

            if (waiting.Count >= longestQueue)
            {
                return null;
            }

            place = waiting.AddLast(new Waiter(client, amount));
        }

        await using var registration = ct.UnsafeRegister(static (state, token) => ((Waiter)state!).Turn.TrySetCanceled(token), place.Value);
        try
        {
            return await place.Value.Turn.Task;
        }
        catch (OperationCanceledException)
        {
            Leave(place);
            throw;
        }
    }

    private bool CanHave(string client, long amount) => amount <= total - inUse && used.GetValueOrDefault(client) + amount <= perClient;

    // Someone who waits for more than is free must not wait for ever because of those who want less.
    private bool IsOvertaking(long amount)
    {
        for (var node = waiting.First; node is not null; node = node.Next)
        {
            if (used.GetValueOrDefault(node.Value.Client) + node.Value.Amount <= perClient)
            {
                return total - inUse - node.Value.Amount < amount;
            }
        }

        return false;
    }

    private Share Give(string client, long amount)
    {
        inUse += amount;
        CollectionsMarshal.GetValueRefOrAddDefault(used, client, out _) += amount;
        return new Share(this, client, amount);
    }

    private void Return(string client, long amount)
    {
        lock (gate)
        {
            inUse -= amount;
            if ((used[client] -= amount) == 0)
            {
                used.Remove(client);
            }

            Serve();
        }
    }

    private void Leave(LinkedListNode<Waiter> place)
    {
        lock (gate)
        {
            if (place.List is not null)
            {
                waiting.Remove(place);
                Serve();
            }
        }
    }

    private void Serve()
    {
        var node = waiting.First;
        while (node is not null && inUse < total)
        {
            var (next, waiter) = (node.Next, node.Value);
            if (used.GetValueOrDefault(waiter.Client) + waiter.Amount <= perClient)
            {
                if (waiter.Amount > total - inUse)
                {
                    return;
                }

                waiting.Remove(node);
                var share = Give(waiter.Client, waiter.Amount);
                if (!waiter.Turn.TrySetResult(share))
                {
                    // It has given up in this moment.
                    share.Undo();
                }
            }

            node = next;
        }
    }

    private sealed record Waiter(string Client, long Amount)
    {
        public TaskCompletionSource<IDisposable> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Share(FairLimiter limiter, string client, long amount) : IDisposable
    {
        private int isReturned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isReturned, 1) == 0)
            {
                limiter.Return(client, amount);
            }
        }

        // Under the limiter's lock.
        public void Undo()
        {
            isReturned = 1;
            limiter.inUse -= amount;
            if ((limiter.used[client] -= amount) == 0)
            {
                limiter.used.Remove(client);
            }
        }
    }
}
