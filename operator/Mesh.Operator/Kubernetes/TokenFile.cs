// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using k8s.Authentication;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// A bearer token in a file that somebody else replaces: kubelet does so for a pod's. It is read for each request, of which there are few, so
/// that a new token counts at once; the library's own reader looks once a minute, and only at the pod's.
/// </summary>
internal sealed class TokenFile(string path) : ITokenProvider
{
    private volatile string? newest;

    /// <summary>While the file is away or half written, the token before is still the best there is.</summary>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            var read = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            newest = read.Length > 0 && !read.Any(char.IsWhiteSpace) ? read : newest;
        }
        catch (Exception e) when (newest is not null && (e is IOException or UnauthorizedAccessException))
        {
            // It is read again for the next request.
        }

        return new AuthenticationHeaderValue("Bearer", newest ?? throw new IOException($"{path}: holds no token; it should be one line of text"));
    }
}
