// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Peers;
using Microsoft.Extensions.Logging;

namespace Mesh.Xds.Hosting;

/// <summary>Every line that this project logs, with stable ids.</summary>
internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "New certificate {Subject}, in force until {NotAfter:u}; {Roots} certificates are trusted of clients")]
    public static partial void CertificatesTaken(this ILogger logger, string subject, DateTime notAfter, int roots);

    [LoggerMessage(201, LogLevel.Error, "Changed certificate files are not used: {Problem}. The last good ones stay, in force until {NotAfter:u}")]
    public static partial void CertificatesRefused(this ILogger logger, string problem, DateTime notAfter);

    [LoggerMessage(202, LogLevel.Warning, "Client {Client} refused; certificate: {Subject}; reason: {Reason} ({Others} more were refused since the last such line)")]
    public static partial void ClientRefused(this ILogger logger, string client, string subject, string reason, long others);

    [LoggerMessage(203, LogLevel.Warning, "Stream {StreamId} of {Node} is sent resources with a TTL without it: in the state of the world it takes the client feature {Feature}")]
    public static partial void TtlNotSent(this ILogger logger, long streamId, string node, string feature);

    [LoggerMessage(220, LogLevel.Warning, "Node {Node} asks for {Type} \"{Name}\", of which there can be none: {Problem}. Further requests for it are not logged")]
    public static partial void BadNameAsked(this ILogger logger, string node, ResourceType type, string name, string problem);

    [LoggerMessage(221, LogLevel.Warning, "{Count} bad names of resources were asked for; what is wrong with others is not logged any longer")]
    public static partial void BadNamesNotLogged(this ILogger logger, int count);

    [LoggerMessage(230, LogLevel.Warning, "Streams of {Client} are refused ({Outcome}): {Problem} Said once until it is accepted")]
    public static partial void PeerRefused(this ILogger logger, string client, PeerOutcome outcome, string problem);

    [LoggerMessage(231, LogLevel.Warning, "{Count} streams have outlived their tokens and are kept, for nobody can judge newer ones now")]
    public static partial void ExpiredStreamsKept(this ILogger logger, int count);

    [LoggerMessage(210, LogLevel.Information, "Stopping: {Streams} streams are sent away within {Seconds:F1} s")]
    public static partial void Draining(this ILogger logger, int streams, double seconds);
}
