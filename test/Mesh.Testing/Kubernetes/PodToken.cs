// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Mesh.Testing.Kubernetes;

/// <summary>Tokens such as an API server makes, of a test's own choice: expired ones, and ones that somebody else signed.</summary>
public static class PodToken
{
    /// <param name="claims">The claims as JSON.</param>
    /// <param name="key">Who signs; null for nobody in particular.</param>
    public static string Sign(string claims, RSA? key = null)
    {
        using var stranger = key is null ? RSA.Create(2048) : null;
        var signer = key ?? stranger!; // One of the two.
        var content = $"{Encode(Encoding.UTF8.GetBytes(Header(signer)))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{content}.{Encode(signer.SignData(Encoding.UTF8.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>The same token with another time of expiry.</summary>
    /// <param name="token">Of an API server.</param>
    /// <param name="until">When it expires.</param>
    /// <param name="keyFile">Of the key that signs; null for somebody's.</param>
    public static string Remade(string token, DateTimeOffset until, string? keyFile)
    {
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!; // A token has claims.
        claims["exp"] = until.ToUnixTimeSeconds();
        using var key = RSA.Create();
        if (keyFile is not null)
        {
            key.ImportFromPem(File.ReadAllText(keyFile));
        }

        return Sign(claims.ToJsonString(), keyFile is null ? null : key);
    }

    /// <summary>A token with nothing in it but what can be read without asking.</summary>
    public static string Of(DateTimeOffset until, string id = "1", string audience = "mesh-operator") => string.Join('.', new[]
    {
        "{}", string.Create(CultureInfo.InvariantCulture, $$"""{"aud":["{{audience}}"],"exp":{{until.ToUnixTimeSeconds()}},"jti":"{{id}}"}"""), "signature",
    }.Select(static part => Encode(Encoding.UTF8.GetBytes(part))));

    // Kubernetes names a key by the hash of its DER form.
    private static string Header(RSA key) => $$"""{"alg":"RS256","kid":"{{Encode(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))}}"}""";

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
