// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

internal static partial class WatchLog
{
    [LoggerMessage(150, LogLevel.Information, "Read the cluster {Server}: {Objects} objects of {Kinds} kinds in {Milliseconds:F0} ms")]
    public static partial void ClusterRead(this ILogger logger, string server, int objects, int kinds, double milliseconds);

    [LoggerMessage(151, LogLevel.Debug, "{Kind}: listed {Objects} objects")]
    public static partial void Listed(this ILogger logger, string kind, int objects);

    [LoggerMessage(152, LogLevel.Warning, "{Kind}: the API server cannot be followed: {Reason}; what is known keeps serving, and it is tried again until it works")]
    public static partial void WatchLost(this ILogger logger, string kind, string reason);

    [LoggerMessage(153, LogLevel.Debug, "{Kind}: tried again in {Seconds:F1} s")]
    public static partial void WatchFailed(this ILogger logger, Exception exception, string kind, double seconds);

    [LoggerMessage(154, LogLevel.Information, "{Kind}: the API server is followed again")]
    public static partial void WatchRegained(this ILogger logger, string kind);

    [LoggerMessage(155, LogLevel.Debug, "{Kind}: the version to go on from is no longer known ({Reason}); listing again")]
    public static partial void VersionExpired(this ILogger logger, string kind, string reason);

    [LoggerMessage(156, LogLevel.Warning, "{Kind}: the API server does not know this kind ({Definition}); until it does there are none. To have it: {Advice}")]
    public static partial void KindMissing(this ILogger logger, string kind, string definition, string advice);

    [LoggerMessage(157, LogLevel.Information, "{Kind}: the API server does not know this kind ({Definition}); it is picked up when its CRD is there")]
    public static partial void KindAbsent(this ILogger logger, string kind, string definition);

    [LoggerMessage(158, LogLevel.Information, "{Kind}: the API server has this kind now ({Definition})")]
    public static partial void KindArrived(this ILogger logger, string kind, string definition);

    [LoggerMessage(159, LogLevel.Warning, "{Object}: {Path}: {Message}")]
    public static partial void BadObject(this ILogger logger, string @object, string path, string message);

    [LoggerMessage(160, LogLevel.Warning, "{Kind}: the operator's role does not allow to watch it ({Reason}): {Effect}; it is tried again every {Seconds:F0} s or so")]
    public static partial void SightDenied(this ILogger logger, string kind, string reason, string effect, double seconds);

    [LoggerMessage(162, LogLevel.Warning, "The API server {Server} refuses the operator's credentials (401 Unauthorized): {Advice}. What is known keeps serving; until then no change is seen and no status is written")]
    public static partial void CredentialsRefused(this ILogger logger, string server, string advice);

    [LoggerMessage(163, LogLevel.Information, "The API server {Server} takes the operator's credentials again")]
    public static partial void CredentialsTaken(this ILogger logger, string server);

    [LoggerMessage(164, LogLevel.Warning, "{Kind}: the API server no longer serves {Path}, though the CRD {Definition} is there; the objects that are known stay in force, and changes are not seen. Let the CRD serve this version")]
    public static partial void VersionNotServed(this ILogger logger, string kind, string path, string definition);

    [LoggerMessage(161, LogLevel.Error, "{Kind}: a bug in reading the API server; it is tried again in {Seconds:F1} s")]
    public static partial void WatchBug(this ILogger logger, Exception exception, string kind, double seconds);
}
