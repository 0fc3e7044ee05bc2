// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Mesh.Operator.Telemetry;
using Prometheus;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Sees every request to the API server: counts what comes of them, and tells once for all of them when the operator's credentials are no
/// longer taken, and when they are again.
/// </summary>
internal sealed class ApiAnswers(MeshMetrics metrics, ClusterAccess access, ILogger<ApiAnswers> log) : DelegatingHandler
{
    private readonly Counter answers = Metrics.WithCustomRegistry(metrics.Registry).CreateCounter(
        "mesh_api_answers_total", "Answers of the API server to the operator, by HTTP status; 0 where none came", "code");

    private readonly Lock gate = new();
    private bool isRefused;
    private int turns;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var start = Volatile.Read(ref turns);
        try
        {
            var answer = await base.SendAsync(request, cancellationToken);
            answers.WithLabels(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)).Inc();
            Judge(answer.StatusCode, start);
            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            answers.WithLabels("0").Inc();
            throw;
        }
    }

    /// <summary>The answer to a request from before the last turn of things is none to how they are now.</summary>
    private void Judge(HttpStatusCode code, int start)
    {
        // A server in trouble has not looked at who asks.
        if (code >= HttpStatusCode.InternalServerError || code == HttpStatusCode.TooManyRequests)
        {
            return;
        }

        lock (gate)
        {
            if (start != turns || isRefused == (code == HttpStatusCode.Unauthorized))
            {
                return;
            }

            isRefused = !isRefused;
            turns++;
        }

        if (code == HttpStatusCode.Unauthorized)
        {
            log.CredentialsRefused(access.Configuration.Host, access.Advice);
        }
        else
        {
            log.CredentialsTaken(access.Configuration.Host);
        }
    }
}
