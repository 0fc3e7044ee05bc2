// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Mesh.Operator.Pipeline;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>What one replica asks of the API server, with the answer: <c>PATCH /apis/… 200</c>. It can be cut off, as by a broken network.</summary>
internal sealed class ApiTraffic : DelegatingHandler
{
    private readonly Lock gate = new();
    private volatile bool isCut;

    public Newest<ImmutableList<string>> Requests { get; } = new([]);

    /// <summary>Comes before each request.</summary>
    public Func<HttpRequestMessage, Task> Before { get; set; } = static _ => Task.CompletedTask;

    public IEnumerable<string> Patches => Requests.Value.Where(static request => request.StartsWith("PATCH ", StringComparison.Ordinal));

    public int RoutePatches => Patches.Count(static request => request.Contains("/httproutes/", StringComparison.Ordinal));

    public void Cut() => isCut = true;

    public Task<ImmutableList<string>> WaitAsync(Func<string, bool> wanted) =>
        Requests.WaitForAsync(requests => requests.Exists(request => wanted(request)), CancellationToken.None).WithTimeout();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (isCut)
        {
            throw new HttpRequestException("The cable is out.");
        }

        await Before(request);
        var answer = await base.SendAsync(request, cancellationToken);
        lock (gate)
        {
            Requests.Publish(Requests.Value.Add(string.Create(
                CultureInfo.InvariantCulture, $"{request.Method} {request.RequestUri!.AbsolutePath} {(int)answer.StatusCode}"))); // A request has one.
        }

        return answer;
    }
}
