// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Streams;

/// <summary>
/// Lets only a few streams write a large response at the same time; the others wait their turn. A thousand proxies that come at once are
/// so served one after the other from memory that is used again and again, each as fast as it can read, and not all together from buffers
/// of their own. Who makes no progress loses the turn and goes on without: a proxy that does not read holds up nobody for long.
/// </summary>
internal sealed class BulkGate : IDisposable
{
    /// <summary>Responses below this size do not wait.</summary>
    public const int BulkBytes = 128 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly HashSet<Turn> turns = [];
    private readonly Queue<Waiter> waiting = [];
    private readonly int limit;
    private readonly ITimer timer;

    public BulkGate(int limit, TimeProvider time)
    {
        this.limit = limit;
        timer = time.CreateTimer(_ => PassOn(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for a turn, which ends when it is disposed of.</summary>
    public async ValueTask<Turn> EnterAsync(CancellationToken ct)
    {
        Waiter waiter;
        lock (gate)
        {
            if (turns.Count < limit)
            {
                return NewTurn();
            }

            if (waiting.Count == 0)
            {
                timer.Change(Patience, Patience);
            }

            waiting.Enqueue(waiter = new Waiter());
        }

        await using var giveUp = ct.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter); // Registered with it.
        return await waiter.Task;
    }

    public void Dispose() => timer.Dispose();

    private void Leave(Turn turn)
    {
        lock (gate)
        {
            if (turns.Remove(turn))
            {
                Next();
            }
        }
    }

    // The turns without progress since the last look go to those who wait.
    private void PassOn()
    {
        lock (gate)
        {
            foreach (var turn in turns.Where(static turn => turn.IsStuck()).ToList())
            {
                turns.Remove(turn);
            }

            Next();
        }
    }

    private void Next()
    {
        while (turns.Count < limit && waiting.TryDequeue(out var waiter))
        {
            var turn = NewTurn();
            if (!waiter.TrySetResult(turn))
            {
                turns.Remove(turn);
            }
        }

        if (waiting.Count == 0)
        {
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private Turn NewTurn()
    {
        var turn = new Turn(this);
        turns.Add(turn);
        return turn;
    }

    /// <summary>The right to write.</summary>
    internal sealed class Turn(BulkGate owner) : IDisposable
    {
        private int progress;
        private int seen = -1;

        /// <summary>The reader has taken a piece.</summary>
        public void Progress() => Volatile.Write(ref progress, progress + 1);

        public bool IsStuck()
        {
            var now = Volatile.Read(ref progress);
            var isStuck = now == seen;
            seen = now;
            return isStuck;
        }

        public void Dispose() => owner.Leave(this);
    }

    // Asynchronously, for it is completed under the gate.
    private sealed class Waiter() : TaskCompletionSource<Turn>(TaskCreationOptions.RunContinuationsAsynchronously);
}
