// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>Writes that an API server has counted since its own start, by <c>resource/subresource</c>.</summary>
internal static partial class ApiRequestCounts
{
    public static async Task<IReadOnlyDictionary<string, long>> WritesAsync(TestApiServer server)
    {
        using var client = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, "metrics"));
        await client.Credentials.ProcessHttpRequestAsync(request, CancellationToken.None);
        using var answer = await client.HttpClient.SendAsync(request).WithTimeout();
        var text = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        return Requests().Matches(text)
            .Where(static match => match.Groups["verb"].Value is "APPLY" or "PATCH" or "PUT" or "POST" or "DELETE")
            .GroupBy(static match => $"{match.Groups["resource"].Value}/{match.Groups["subresource"].Value}", StringComparer.Ordinal)
            .ToDictionary(
                static group => group.Key,
                static group => group.Sum(static match => (long)double.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture)),
                StringComparer.Ordinal);
    }

    [GeneratedRegex(
        """^apiserver_request_total\{.*,resource="(?<resource>[^"]*)",.*subresource="(?<subresource>[^"]*)",verb="(?<verb>[^"]*)".*\} (?<count>\S+)$""",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Requests();
}
