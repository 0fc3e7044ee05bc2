// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;

namespace Mesh.Operator.Kubernetes;

/// <summary>The body of a watch as batches of events: all that has arrived is one batch, so that the store takes it as one revision.</summary>
internal sealed class WatchStream(Stream body, IWatchedObjectReader objects) : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly PipeReader pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: BufferSize));

    /// <summary>The next events, at least one; null at the end. What stands behind the last line end was cut off: the next watch repeats it.</summary>
    public async ValueTask<IReadOnlyList<WatchEvent>?> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(ct);
            var rest = read.Buffer;
            var events = new List<WatchEvent>();
            while (WatchLines.TryTake(ref rest, out var line))
            {
                events.Add(WatchEventReader.Read(line, objects));
            }

            pipe.AdvanceTo(rest.Start, rest.End);
            if (events.Count > 0)
            {
                return events;
            }

            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    public ValueTask DisposeAsync() => pipe.CompleteAsync();
}
