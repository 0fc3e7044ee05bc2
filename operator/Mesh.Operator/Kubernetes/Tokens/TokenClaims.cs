// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Text.Json;

namespace Mesh.Operator.Kubernetes.Tokens;

/// <summary>
/// What a token says of itself, read without a look at its signature: good for refusing what is not worth a question to the API server, and, once that
/// has vouched for the token, for when it expires, which its answer leaves out.
/// </summary>
internal static class TokenClaims
{
    private const int Parts = 3;

    /// <summary>When it expires; null for what is no token of this audience.</summary>
    public static DateTimeOffset? Expiry(string token, string audience)
    {
        try
        {
            var parts = token.Split('.');
            if (parts.Length != Parts)
            {
                return null;
            }

            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            var root = claims.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("aud", out var audiences) && IsFor(audiences, audience)
                && root.TryGetProperty("exp", out var expiry) && expiry.TryGetInt64(out var seconds)
                    ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                    : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsFor(JsonElement audiences, string audience) => audiences.ValueKind switch
    {
        JsonValueKind.String => audiences.ValueEquals(audience),
        JsonValueKind.Array => audiences.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience)),
        _ => false,
    };
}
