// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text.Json;
using k8s.Autorest;
using Mesh.Xds.Naming;

namespace Mesh.Operator.Kubernetes;

/// <summary>What a failed request to the API server means.</summary>
internal enum ApiFailureKind
{
    /// <summary>There is no such object, or no such kind.</summary>
    Gone,

    /// <summary>Somebody else wrote the object since it was read.</summary>
    Conflict,

    /// <summary>The server does not take us for who we say we are; <see cref="ApiAnswers"/> tells of that for all requests.</summary>
    Unauthorized,

    /// <summary>We may not.</summary>
    Forbidden,

    /// <summary>The server does not take what we sent.</summary>
    Invalid,

    /// <summary>The server asks for patience.</summary>
    Throttled,

    /// <summary>The server cannot be reached, or has trouble of its own.</summary>
    Unavailable,
}

/// <param name="Kind">The sort.</param>
/// <param name="Message">The server's words where it said some.</param>
internal sealed record ApiFailure(ApiFailureKind Kind, string Message)
{
    /// <summary>Whoever answers in the API server's place may ask for weeks, and a timer takes no more than some of them.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>A page of a proxy on the way, with all of its HTML, helps nobody.</summary>
    private const int LongestWords = 512;

    /// <summary>When the server wants to be asked again; zero where it does not say.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>Nothing is made in a namespace that ends, whoever asks: no right is missing.</summary>
    public bool IsOfTerminatingNamespace => Kind == ApiFailureKind.Forbidden && Message.Contains("because it is being terminated", StringComparison.Ordinal);

    /// <param name="asked">How long the server asks to wait.</param>
    public static TimeSpan Bounded(TimeSpan asked) => asked < LongestPause ? asked : LongestPause;

    public static ApiFailure Of(Exception exception) => exception is HttpOperationException { Response: { } response }
        ? new ApiFailure(KindOf(response.StatusCode), Words(response)) { RetryAfter = PauseOf(response) }
        : new ApiFailure(
            ApiFailureKind.Unavailable, exception is OperationCanceledException ? "the API server did not answer in time" : exception.Message);

    /// <summary>What would help, as the end of a sentence; empty where waiting helps.</summary>
    public string Advice(string permissions) => Kind == ApiFailureKind.Forbidden ? $"; allow the operator to {permissions}" : string.Empty;

    private static ApiFailureKind KindOf(HttpStatusCode code) => code switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => ApiFailureKind.Gone,
        HttpStatusCode.Conflict => ApiFailureKind.Conflict,
        HttpStatusCode.Unauthorized => ApiFailureKind.Unauthorized,
        HttpStatusCode.Forbidden => ApiFailureKind.Forbidden,
        HttpStatusCode.TooManyRequests => ApiFailureKind.Throttled,
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => ApiFailureKind.Invalid,
        _ => ApiFailureKind.Unavailable,
    };

    private static string Words(HttpResponseMessageWrapper response)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Content ?? string.Empty);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("message", out var message))
            {
                return ForeignText.Line(message.ToString(), LongestWords);
            }
        }
        catch (JsonException)
        {
            // Some answers are plain text.
        }

        return string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode} {ForeignText.Line(response.Content?.Trim() ?? string.Empty, LongestWords)}");
    }

    private static TimeSpan PauseOf(HttpResponseMessageWrapper response) =>
        response.Headers is { } headers && headers.TryGetValue("Retry-After", out var values)
        && int.TryParse(values.FirstOrDefault(), CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? Bounded(TimeSpan.FromSeconds(seconds))
            : TimeSpan.Zero;
}
