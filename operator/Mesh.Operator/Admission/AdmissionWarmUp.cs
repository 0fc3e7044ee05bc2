// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Admission;

/// <summary>Judges one policy before anybody asks: the first judgement compiles code and rules for a second, which no user's write should wait for.</summary>
internal sealed class AdmissionWarmUp(ILogger<AdmissionWarmUp> log) : BackgroundService
{
    private const string Sample = """
        {"apiVersion":"mesh.operator.dev/v1alpha1","kind":"TrafficPolicy","metadata":{"name":"sample","namespace":"sample"},"spec":{
         "targetRefs":[{"kind":"Service","name":"sample"}],"timeouts":{"request":"1s"},"retries":{"backoff":{},"budget":{}},
         "loadBalancing":{"algorithm":"Maglev","hashOn":[{"type":"SourceAddress"}]},"connectionLimits":{},"outlierDetection":{},
         "faultInjection":{"abort":{"httpStatus":503}},"rules":[{"matches":[{"path":{"type":"RegularExpression","value":"/a.*"}}]}]}}
        """;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(Judge, stoppingToken);

    private void Judge()
    {
        try
        {
            var request = new AdmissionRequest
            {
                Uid = "sample",
                Group = ApiGroup.Name,
                Kind = "TrafficPolicy",
                Operation = "CREATE",
                Object = JsonNode.Parse(Sample) as JsonObject,
                OldObject = null,
            };
            if (AdmissionJudge.JudgeAlone(request).Change is { } change)
            {
                AdmissionJudge.Effects(change, ResourceSet.Empty);
            }
        }
        catch (Exception e)
        {
            // Whoever asks will be told the same.
            log.ReviewFailed(e, "TrafficPolicy");
        }
    }
}
