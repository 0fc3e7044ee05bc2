// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>
/// A write that the network holds back: who sent it hears nothing, and gives up at some time; it arrives when it is let go, whoever leads then.
/// </summary>
internal sealed class LateWrite
{
    private readonly TaskCompletionSource<(Uri Address, MediaTypeHeaderValue? Type, byte[] Body)> held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LateWrite()
    {
    }

    /// <summary>Completes when there is one.</summary>
    public Task Held => held.Task;

    /// <summary>
    /// Holds the next write of an object's status, as <c>trafficpolicies/cart</c>, that is about a generation; nothing else of its sender comes
    /// through from then on.
    /// </summary>
    public static LateWrite Of(ApiTraffic traffic, string @object, int generation)
    {
        var late = new LateWrite();
        traffic.Before = async request =>
        {
            var address = request.RequestUri!; // A request has one.
            if (request.Method != HttpMethod.Patch || !address.AbsolutePath.EndsWith($"/{@object}/status", StringComparison.Ordinal))
            {
                return;
            }

            var body = await request.Content!.ReadAsByteArrayAsync(); // A patch has a body.
            if ((int?)JsonNode.Parse(body)?["status"]?["observedGeneration"] == generation
                && late.held.TrySetResult((address, request.Content.Headers.ContentType, body)))
            {
                traffic.Cut();
                throw new HttpRequestException("No answer came.");
            }
        };
        return late;
    }

    /// <summary>It arrives.</summary>
    /// <returns>What the server answers: the object as it is then.</returns>
    public async Task<string> ArriveAsync(k8s.Kubernetes client)
    {
        var (address, type, body) = await held.Task.WithTimeout();
        using var request = new HttpRequestMessage(HttpMethod.Patch, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = type;
        await client.Credentials.ProcessHttpRequestAsync(request, CancellationToken.None);
        using var answer = await client.HttpClient.SendAsync(request).WithTimeout();
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }
}
