// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Net;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Lists and watches as raw bytes, through the library's connections and credentials.
/// </summary>
internal sealed class WatchClient(k8s.Kubernetes client, TimeProvider time)
{
    /// <summary>A server that is there begins its answer sooner; a list of many pages' worth of bytes is on its way by then.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PageLimit = TimeSpan.FromMinutes(2);

    /// <exception cref="WatchException">The server refuses.</exception>
    public async Task<HttpResponseMessage> GetAsync(string request, string accept, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await SendAsync(request, accept, either.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {AnswerLimit.TotalSeconds:F0} s", e);
        }
    }

    public async Task<WatchPage> GetPageAsync(string request, ReflectedKind kind, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(PageLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        using var response = await GetAsync(request, kind.ListType, either.Token);
        return WatchPage.Read(new ReadOnlySequence<byte>(await response.Content.ReadAsByteArrayAsync(either.Token)), kind.Reader);
    }

    private async Task<HttpResponseMessage> SendAsync(string request, string accept, CancellationToken ct)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, request))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("Accept", accept);
        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(message, ct);
        }

        var response = await client.HttpClient.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await WatchException.OfAsync(response, ct);
        }
    }
}
