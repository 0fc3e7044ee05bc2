// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Net;
using System.Text.Json;

namespace Mesh.Operator.Kubernetes;

/// <summary>The API server refused a list or a watch, by the status of the answer or by an ERROR event in the watch.</summary>
internal sealed class WatchException(int code, string reason, string message) : Exception(message)
{
    private const int LongestBody = 64 * 1024;

    /// <summary>HTTP status code; 0 where the server gave none.</summary>
    public int Code { get; } = code;

    /// <summary>Kubernetes' one-word reason, <c>Expired</c> say; may be empty.</summary>
    public string Reason { get; } = reason;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan RetryAfter { get; init; }

    public bool IsGone => Code == (int)HttpStatusCode.Gone;

    public bool IsNotFound => Code == (int)HttpStatusCode.NotFound;

    /// <summary>The operator's credentials are not taken.</summary>
    public bool IsUnauthorized => Code == (int)HttpStatusCode.Unauthorized;

    public bool IsForbidden => Code == (int)HttpStatusCode.Forbidden;

    /// <summary>It says something of the question, and would say it again; what it says of itself or of who asks passes.</summary>
    public bool IsRefusal => Code is >= 400 and < 500 && !IsUnauthorized;

    /// <summary>The server does not know what was asked for: streaming lists, to servers that lack them.</summary>
    public bool IsNotUnderstood => Code is (int)HttpStatusCode.BadRequest or (int)HttpStatusCode.UnprocessableEntity;

    /// <summary>
    /// The server has no use for the version that the watch was to go on from: it is too old (410), or of a future that was undone by
    /// restoring a backup (504, "too large resource version").
    /// </summary>
    public bool RefusesVersion => IsGone || IsNotUnderstood || Code == (int)HttpStatusCode.GatewayTimeout;

    public static WatchException Of(StatusBody? status) =>
        new(status?.Code ?? 0, status?.Reason ?? "", status?.Message ?? "the API server ended the watch and did not say why");

    public static async Task<WatchException> OfAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var bytes = new byte[LongestBody];
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        var status = StatusOf(new ReadOnlySequence<byte>(bytes, 0, length));
        var retry = response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
        return new WatchException(
            (int)response.StatusCode, status?.Reason ?? "", status?.Message ?? $"{(int)response.StatusCode} {response.ReasonPhrase}")
        { RetryAfter = ApiFailure.Bounded(retry) };
    }

    /// <summary>Unknown paths, and proxies on the way, are answered by something else than a Status.</summary>
    private static StatusBody? StatusOf(ReadOnlySequence<byte> body)
    {
        try
        {
            return WatchJson.Read(body, WatchJson.Default.StatusBody);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
