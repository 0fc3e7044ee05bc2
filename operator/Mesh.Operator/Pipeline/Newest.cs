// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Pipeline;

/// <summary>A value of which only the newest counts: one writer, any number of readers, who may wait for the next one.</summary>
public sealed class Newest<T>(T first)
{
    private readonly Lock gate = new();
    private T value = first;
    private TaskCompletionSource next = NewSource();

    public T Value
    {
        get
        {
            lock (gate)
            {
                return value;
            }
        }
    }

    public void Publish(T newest)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            value = newest;
            waiting = next;
            next = NewSource();
        }

        waiting.SetResult();
    }

    /// <summary>The current value with a task that ends when a later one is there.</summary>
    public (T Value, Task Changed) Read()
    {
        lock (gate)
        {
            return (value, next.Task);
        }
    }

    /// <summary>Waits until a value meets <paramref name="condition"/>; the current one may.</summary>
    public async Task<T> WaitForAsync(Func<T, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (current, changed) = Read();
            if (condition(current))
            {
                return current;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
