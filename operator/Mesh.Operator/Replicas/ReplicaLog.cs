// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Replicas;

/// <summary>Every line that replicas log of each other, with stable ids.</summary>
internal static partial class ReplicaLog
{
    [LoggerMessage(170, LogLevel.Information, "Replica {Replica} tells of its proxies")]
    public static partial void ReplicaReports(this ILogger logger, string replica);

    [LoggerMessage(171, LogLevel.Information, "Replica {Replica} does not tell of its proxies any more")]
    public static partial void ReplicaIsGone(this ILogger logger, string replica);

    [LoggerMessage(172, LogLevel.Warning, "{Client} would report statuses as a replica and may not: {Problem}")]
    public static partial void ReplicaRefused(this ILogger logger, string client, string problem);

    [LoggerMessage(173, LogLevel.Information, "The proxies of this replica are told of to the leader, {Leader} at {Address}")]
    public static partial void LeaderIsTold(this ILogger logger, string leader, string address);

    [LoggerMessage(174, LogLevel.Warning, "The proxies of this replica cannot be told of to the leader, {Leader}: {Problem}; its statuses say so (said once for each leader)")]
    public static partial void LeaderNotTold(this ILogger logger, string leader, string problem);
}
