// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Mesh.NodeAgent.Supervision;

/// <summary>How Envoy is to be run.</summary>
public sealed record EnvoyOptions
{
    /// <summary>Path of the Envoy binary.</summary>
    public required string Binary { get; init; }

    /// <summary>Holds bootstrap, log and pid file; one supervisor at a time works in it.</summary>
    public required string StateFolder { get; init; }

    /// <summary><c>node.id</c> of the bootstrap; a running Envoy must give the same to be adopted.</summary>
    public required string NodeId { get; init; }

    /// <summary>Makes the bootstrap for an admin address. It must be a pure function: equal text is what makes a running Envoy ours.</summary>
    public required Func<IPEndPoint, string> Bootstrap { get; init; }

    /// <summary><c>--base-id</c>; without a value Envoy picks a free one.</summary>
    public int? BaseId { get; init; }

    /// <summary><c>--concurrency</c>; without a value one worker per processor.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Leaves Envoy running when the supervisor stops, for an upgrade of the control plane.</summary>
    public bool LeaveRunning { get; init; }

    /// <summary>How long requests may end by themselves at a stop.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long Envoy may take to end before it is killed.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long Envoy may take until its admin interface answers.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(30);

    public Backoff Backoff { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>The log is put aside when it is larger.</summary>
    public long LogLimit { get; init; } = 10_000_000;
}
