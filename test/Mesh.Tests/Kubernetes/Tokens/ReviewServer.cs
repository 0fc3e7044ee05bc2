// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using Mesh.Operator.Kubernetes.Tokens;
using Mesh.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Kubernetes.Tokens;

/// <summary>An API server that answers TokenReviews as a test wants it to, and the checks that ask it.</summary>
internal sealed class ReviewServer : HttpMessageHandler
{
    private readonly RecordedLogs logs = new();
    private readonly LoggerFactory factory;
    private readonly k8s.Kubernetes client;

    public ReviewServer(TokenCheckOptions? options = null)
    {
        factory = new LoggerFactory([logs]);
        client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://api.test" }, new Forward(this));
        var chosen = options ?? new TokenCheckOptions();
        Checks = new TokenChecks(new TokenReviews(client, chosen, Time), chosen, Time, factory.CreateLogger<TokenChecks>());
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(50));

    public TokenChecks Checks { get; }

    public IReadOnlyList<string> Logs => logs.Lines;

    /// <summary>Answers that are not given before this is complete.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    /// <summary>The status of each review; null while the server is away.</summary>
    public string? Status { get; set; } = Good();

    public HttpStatusCode Code { get; set; } = HttpStatusCode.Created;

    public static string Good(string account = "mesh-system:mesh-node", string extra = """, "authentication.kubernetes.io/node-name": ["n1"]""") =>
        $$"""
        {"authenticated": true, "audiences": ["mesh-operator"], "user": {"username": "system:serviceaccount:{{account}}", "extra": {
          "authentication.kubernetes.io/pod-name": ["mesh-node-x"], "authentication.kubernetes.io/pod-uid": ["u1"]{{extra}} } } }
        """;

    public Task<TokenVerdict> CheckAsync(string token, string client = "10.0.0.1") => Checks.CheckAsync(token, client, CancellationToken.None).WithTimeout();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Held;
        var status = Status ?? throw new HttpRequestException("Nobody is there.");
        var review = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenReview", ["status"] = JsonNode.Parse(status) };
        return new HttpResponseMessage(Code) { Content = new StringContent(review.ToJsonString(), Encoding.UTF8, "application/json"), RequestMessage = request };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            client.Dispose();
            factory.Dispose();
            logs.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class Forward(ReviewServer server) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => server.SendAsync(request, cancellationToken);
    }
}
