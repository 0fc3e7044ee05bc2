// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

/// <summary>How much the writing of statuses may ask of the API server, and what is worth a write when.</summary>
public sealed record StatusWriteOptions
{
    /// <summary>Requests a second in the long run.</summary>
    public double Rate { get; init; } = 50;

    /// <summary>Requests at once after a quiet time.</summary>
    public int Burst { get; init; } = 100;

    /// <summary>Objects that are written at the same time.</summary>
    public int Writers { get; init; } = 8;

    /// <summary>How long a request may take.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause after the first failure of an object; it doubles with each further one.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a new generation may be under way before that is worth a write of its own.</summary>
    public TimeSpan Underway { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long what was in force may be in doubt (a proxy connects and has yet to answer) before that is worth a write.</summary>
    public TimeSpan Doubt { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The same after a new leader's start, when proxies have yet to come back: statuses of the leader before stand for so long.</summary>
    public TimeSpan Return { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Least time between two writes of an object where only counts and words differ.</summary>
    public TimeSpan Details { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a proxy may be away before its node says so.</summary>
    public TimeSpan Away { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a proxy may owe an answer before its node says so.</summary>
    public TimeSpan Unanswered { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Least time between two writes of a node where only its configuration has moved on.</summary>
    public TimeSpan NodeProgress { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the object of a node without a proxy is kept.</summary>
    public TimeSpan NodeKept { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Events a second in the long run; what is beyond is dropped, the conditions say it all the same.</summary>
    public double EventRate { get; init; } = 1;

    /// <summary>Events at once after a quiet time.</summary>
    public int EventBurst { get; init; } = 25;

    /// <summary>How long the same event of the same object is not repeated.</summary>
    public TimeSpan EventQuiet { get; init; } = TimeSpan.FromMinutes(5);
}
