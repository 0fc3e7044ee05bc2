// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes.Tokens;
using Mesh.Xds.Peers;
using Prometheus;

namespace Mesh.Operator.Telemetry;

/// <summary>What came of the tokens that clients showed, and what asking about them costs the API server; read when somebody asks.</summary>
internal sealed class TokenMetrics(MeshMetrics metrics, PeerTally peers, TokenChecks checks) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var factory = Metrics.WithCustomRegistry(metrics.Registry);
        var streams = factory.CreateCounter("mesh_xds_authentications_total", "Streams of clients that were asked for a token, by what came of it", "result");
        var asked = factory.CreateCounter("mesh_token_reviews_total", "Questions to the API server about tokens of clients");
        var failed = factory.CreateCounter("mesh_token_review_failures_total", "Those of them that it did not answer");
        metrics.Registry.AddBeforeCollectCallback(() =>
        {
            foreach (var outcome in Enum.GetValues<PeerOutcome>())
            {
                streams.WithLabels(outcome.ToString()).IncTo(peers.Count(outcome));
            }

            asked.IncTo(checks.Asked);
            failed.IncTo(checks.Failed);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
