// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Telemetry;

/// <summary>Every line that this project logs, with stable ids.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Debug, "Reconciled to revision {Revision} in {Milliseconds:F1} ms")]
    public static partial void Reconciled(this ILogger logger, long revision, double milliseconds);

    [LoggerMessage(101, LogLevel.Error, "Revision {Revision} could not be turned into a snapshot (this is a bug); the last good one keeps serving")]
    public static partial void ReconcileFailed(this ILogger logger, Exception exception, long revision);

    [LoggerMessage(110, LogLevel.Error, "Status could not be written; it is tried again in {Seconds} s")]
    public static partial void StatusWriteFailed(this ILogger logger, Exception exception, double seconds);

    [LoggerMessage(111, LogLevel.Information, "{Object}: {Condition} is {Status} ({Reason}): {Message}")]
    public static partial void ConditionChanged(this ILogger logger, string @object, string condition, string status, string reason, string message);

    [LoggerMessage(112, LogLevel.Warning, "Status of {Object} could not be written to the cluster: {Problem}{Advice}; tried again in {Seconds:F1} s (said once for each kind)")]
    public static partial void ClusterStatusNotWritten(this ILogger logger, string @object, string problem, string advice, double seconds);

    [LoggerMessage(113, LogLevel.Warning, "Event about {Object} could not be written: {Problem}{Advice} (said once)")]
    public static partial void EventNotWritten(this ILogger logger, string @object, string problem, string advice);

    [LoggerMessage(114, LogLevel.Warning, "Status of {Object} is written over by another program again and again (kubectl get -o yaml --show-managed-fields names it: a manager other than mesh-operator, subresource status); ours is put in again at longer and longer intervals. Only one operator may write it (said once for each kind)")]
    public static partial void StatusContested(this ILogger logger, string @object);

    [LoggerMessage(115, LogLevel.Information, "{Identity} {Leads} (writes statuses to the cluster): {Why}")]
    public static partial void LeadershipChanged(this ILogger logger, string identity, string leads, string why);

    [LoggerMessage(116, LogLevel.Warning, "The lease {Lease} could not be read or written: {Problem}{Advice}; until it can, this replica writes no statuses")]
    public static partial void LeaseUnavailable(this ILogger logger, string lease, string problem, string advice);

    [LoggerMessage(117, LogLevel.Warning, "The lease {Lease} was not released; another replica takes over in {Seconds} s")]
    public static partial void LeaseNotReleased(this ILogger logger, Exception exception, string lease, double seconds);

    [LoggerMessage(118, LogLevel.Warning, "The API server does not judge tokens: {Problem}{Advice}; streams of tokens that it vouched for before are taken, no others")]
    public static partial void TokensNotJudged(this ILogger logger, string problem, string advice);

    [LoggerMessage(119, LogLevel.Information, "The API server judges tokens again")]
    public static partial void TokensJudgedAgain(this ILogger logger);

    [LoggerMessage(120, LogLevel.Error, "The source of resources failed; the operator ends")]
    public static partial void SourceFailed(this ILogger logger, Exception exception);

    [LoggerMessage(121, LogLevel.Warning, "{Object} is not used as it stands: {Problem}")]
    public static partial void ForeignObjectUnusable(this ILogger logger, string @object, string problem);

    [LoggerMessage(122, LogLevel.Warning, "{Count} more objects of Kubernetes' own are not used as they stand")]
    public static partial void MoreForeignObjectsUnusable(this ILogger logger, int count);

    [LoggerMessage(130, LogLevel.Error, "The node's proxy could not be kept running")]
    public static partial void ProxyFailed(this ILogger logger, Exception exception);

    [LoggerMessage(131, LogLevel.Information, "{State}")]
    public static partial void ProxyState(this ILogger logger, string state);

    [LoggerMessage(132, LogLevel.Error, "{Socket} is gone, so no proxy can connect any more; start the operator again")]
    public static partial void SocketGone(this ILogger logger, string socket);
}
