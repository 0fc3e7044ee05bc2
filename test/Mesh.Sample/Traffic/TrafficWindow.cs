// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Sample.Traffic;

/// <summary>What became of the calls to one target in the last seconds.</summary>
internal sealed class TrafficWindow(TimeProvider time, TimeSpan length)
{
    private readonly Lock _lock = new();
    private readonly Queue<(long At, string Version, string Error)> _calls = new();

    /// <summary>A call that was answered by a version.</summary>
    public void Answered(string version) => Add(version, "");

    /// <summary>A call that failed, with how in few words.</summary>
    public void Failed(string error) => Add("", error);

    /// <summary>Forgets what was before.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _calls.Clear();
        }
    }

    public TrafficSummary Summarise()
    {
        lock (_lock)
        {
            Drop();
            var versions = new SortedDictionary<string, int>(StringComparer.Ordinal);
            var errors = new SortedDictionary<string, int>(StringComparer.Ordinal);
            foreach (var (_, version, error) in _calls)
            {
                var counts = error.Length > 0 ? errors : versions;
                var name = error.Length > 0 ? error : version;
                counts[name] = counts.GetValueOrDefault(name) + 1;
            }

            return new TrafficSummary { Calls = _calls.Count, Versions = versions, Errors = errors };
        }
    }

    private void Add(string version, string error)
    {
        lock (_lock)
        {
            Drop();
            _calls.Enqueue((time.GetTimestamp(), version, error));
        }
    }

    private void Drop()
    {
        while (_calls.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > length)
        {
            _calls.Dequeue();
        }
    }
}

/// <summary>Counts of calls.</summary>
internal sealed record TrafficSummary
{
    public required int Calls { get; init; }

    public required IReadOnlyDictionary<string, int> Versions { get; init; }

    public required IReadOnlyDictionary<string, int> Errors { get; init; }

    public int Failed => Errors.Values.Sum();

    /// <summary>The share of a version among the calls that were answered.</summary>
    public double ShareOf(string version) => Calls == Failed ? 0 : (double)Versions.GetValueOrDefault(version) / (Calls - Failed);
}
