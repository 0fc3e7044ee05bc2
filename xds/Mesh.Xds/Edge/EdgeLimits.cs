// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Edge;

/// <summary>What clients may cost us together, and how fast they are let in and sent away.</summary>
public sealed record EdgeLimits
{
    /// <summary>The largest request: a reconnecting proxy reports name and version of all that it holds, some 100 bytes each.</summary>
    public int RequestBytes { get; init; } = 64 << 20;

    /// <summary>Requests that have begun to come and are not handled yet, over all streams. Who would exceed it waits.</summary>
    public long UnhandledBytes { get; init; } = 128 << 20;

    /// <summary>How long a request may take from its first to its last byte once there is room for it.</summary>
    public TimeSpan RequestTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a new stream may be silent.</summary>
    public TimeSpan FirstRequestTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the names that a connection's streams are subscribed to may take in memory, as estimated from its requests.</summary>
    public long NameBytesPerConnection { get; init; } = Math.Max(256L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>Streams that are in their initial sync at a time; one connection has half of them at most.</summary>
    public int Starting { get; init; } = Math.Max(4, 2 * Environment.ProcessorCount);

    /// <summary>Streams that wait for theirs; more are told to come again later.</summary>
    public int WaitingToStart { get; init; } = 20_000;

    /// <summary>After this a stream in its initial sync is no longer counted: it waits for its client, not for us.</summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Streams of one pod that has proved who it is: an Envoy has one, grpc-go one for each target.</summary>
    public int StreamsPerPod { get; init; } = 256;

    /// <summary>How long a stream may outlive the token that it began with, and how long who renews tokens may take after who judges them was away.</summary>
    public TimeSpan TokenGrace { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Streams sent away in a second when the process stops.</summary>
    public int DrainedPerSecond { get; init; } = 1000;

    /// <summary>Sending all away takes no longer than this, nor than half of the host's shutdown time.</summary>
    public TimeSpan LongestDrain { get; init; } = TimeSpan.FromSeconds(10);
}
