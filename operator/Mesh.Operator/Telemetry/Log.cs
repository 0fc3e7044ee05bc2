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

    [LoggerMessage(120, LogLevel.Error, "The source of resources failed; the operator ends")]
    public static partial void SourceFailed(this ILogger logger, Exception exception);

    [LoggerMessage(130, LogLevel.Error, "The node's proxy could not be kept running")]
    public static partial void ProxyFailed(this ILogger logger, Exception exception);

    [LoggerMessage(131, LogLevel.Information, "{State}")]
    public static partial void ProxyState(this ILogger logger, string state);

    [LoggerMessage(132, LogLevel.Error, "{Socket} is gone, so no proxy can connect any more; start the operator again")]
    public static partial void SocketGone(this ILogger logger, string socket);
}
