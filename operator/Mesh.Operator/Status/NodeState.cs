// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Operator.Status;

/// <summary>What is told of a node beside its conditions, as far as it can be told without a clock.</summary>
public sealed record NodeState
{
    /// <summary>As the proxy says itself; empty when it does not.</summary>
    public required string ProxyVersion { get; init; }

    /// <summary>Null when it is not known.</summary>
    public required CaptureMode? Capture { get; init; }

    /// <summary>Empty where unknown.</summary>
    public required string Zone { get; init; }

    /// <summary>Pods of the node that are enrolled.</summary>
    public required int Workloads { get; init; }

    /// <summary>Hash of what the node was given; empty when that is not known.</summary>
    public required string ConfigVersion { get; init; }

    /// <summary>All of that was sent and answered.</summary>
    public required bool IsCurrent { get; init; }

    /// <summary>Resources that are not in force in their newest version.</summary>
    public required int RejectedCount { get; init; }

    /// <summary>The first of them.</summary>
    public required EquatableArray<NodeRejection> Rejected { get; init; }
}

/// <param name="Resource">Type and name.</param>
/// <param name="Reason"><c>RejectedByProxy</c> or <c>Withheld</c>.</param>
/// <param name="Message">Envoy's words, or the rule that it breaks.</param>
public sealed record NodeRejection(string Resource, string Reason, string Message);

/// <summary>When a node came to what it has: the part of its state that a clock tells.</summary>
/// <param name="AcknowledgedVersion">The newest configuration that its proxy has acknowledged; empty before the first.</param>
/// <param name="AcknowledgedTime">When that was; null before the first.</param>
/// <param name="PendingSince">Since when it owes an answer; null when it owes none.</param>
public sealed record NodeProgress(string AcknowledgedVersion, DateTime? AcknowledgedTime, DateTime? PendingSince)
{
    public static NodeProgress Of(NodeState state, NodeProgress? previous, DateTime now)
    {
        if (!state.IsCurrent)
        {
            return new NodeProgress(previous?.AcknowledgedVersion ?? string.Empty, previous?.AcknowledgedTime, previous?.PendingSince ?? now);
        }

        var isNew = previous is null || previous.PendingSince is not null || previous.AcknowledgedVersion != state.ConfigVersion;
        return new NodeProgress(state.ConfigVersion, isNew ? now : previous!.AcknowledgedTime, PendingSince: null); // Not null where it is not new.
    }
}
