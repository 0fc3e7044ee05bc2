// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Admission;

/// <summary>What admission logs. Never a key, and of an object only what is wrong with it.</summary>
internal static partial class AdmissionLog
{
    [LoggerMessage(400, LogLevel.Debug, "A {Kind} was refused: {Problem}")]
    public static partial void ObjectRefused(this ILogger logger, string kind, string problem);

    [LoggerMessage(401, LogLevel.Warning, "A {Kind} could not be judged in {Seconds} s and was let through")]
    public static partial void ReviewTooSlow(this ILogger logger, string kind, double seconds);

    [LoggerMessage(402, LogLevel.Error, "A {Kind} could not be judged and was let through (this is a bug)")]
    public static partial void ReviewFailed(this ILogger logger, Exception exception, string kind);

    [LoggerMessage(403, LogLevel.Warning, "A request to the admission endpoint was refused: {Problem} (of others like it one in {Seconds} s is told at most)")]
    public static partial void RequestRefused(this ILogger logger, string problem, double seconds);

    [LoggerMessage(404, LogLevel.Debug, "A client of the admission endpoint went away: {Problem}")]
    public static partial void ClientGone(this ILogger logger, string problem);

    [LoggerMessage(410, LogLevel.Information, "Admission serves with the certificate {Serial} of {Source}, in force until {NotAfter:u}")]
    public static partial void CertificateTaken(this ILogger logger, string serial, string source, DateTime notAfter);

    [LoggerMessage(411, LogLevel.Information, "Made a new {What} for admission and stored it in Secret {Secret}")]
    public static partial void CertificateMade(this ILogger logger, string what, string secret);

    [LoggerMessage(412, LogLevel.Information, "Told the API server whom to trust at admission: ValidatingWebhookConfiguration {Name}")]
    public static partial void TrustWritten(this ILogger logger, string name);

    [LoggerMessage(413, LogLevel.Warning, "Admission's certificate cannot be seen to: {Problem}; tried again in {Seconds:F0} s")]
    public static partial void CertificateProblem(this ILogger logger, string problem, double seconds);

    [LoggerMessage(415, LogLevel.Error, "Admission's certificate cannot be seen to (this is a bug)")]
    public static partial void CertificateBug(this ILogger logger, Exception exception);

    [LoggerMessage(414, LogLevel.Debug, "Watch for {What} ended: {Problem}")]
    public static partial void WatchEnded(this ILogger logger, string what, string problem);
}
