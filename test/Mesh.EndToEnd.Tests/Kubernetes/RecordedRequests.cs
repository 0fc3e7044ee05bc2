// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>Notes what a client asks the API server, and may hold a request or do something before it goes out.</summary>
/// <param name="before">Runs before a request, given its path and query, is sent.</param>
internal sealed class RecordedRequests(Func<string, CancellationToken, Task> before) : DelegatingHandler
{
    private readonly ConcurrentQueue<string> requests = new();

    /// <summary>Path and query of each, in order.</summary>
    public IReadOnlyList<string> All => [.. requests];

    public IEnumerable<string> Of(string plural) => All.Where(request => request.Contains($"/{plural}?", StringComparison.Ordinal));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri!.PathAndQuery; // A request that is sent has one.
        requests.Enqueue(asked);
        await before(asked, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }
}
