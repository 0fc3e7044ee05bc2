// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Testing.RawGrpc;

/// <summary>What the server lets us send.</summary>
internal sealed class SendWindow(int initial)
{
    private readonly Lock gate = new();
    private TaskCompletionSource opened = NewSignal();
    private long open = initial;

    public void Add(int bytes)
    {
        lock (gate)
        {
            open += bytes;
            opened.TrySetResult();
            opened = NewSignal();
        }
    }

    /// <summary>Takes as much as there is, and waits for some.</summary>
    public async Task<int> TakeAsync(int wanted, CancellationToken ct)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (open > 0)
                {
                    var taken = (int)Math.Min(open, wanted);
                    open -= taken;
                    return taken;
                }

                next = opened.Task;
            }

            await next.WaitAsync(ct);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
