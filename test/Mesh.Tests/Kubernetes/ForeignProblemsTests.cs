// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Testing;
using Microsoft.Extensions.Logging;

namespace Mesh.Tests.Kubernetes;

/// <summary>What is wrong with objects whose status the operator does not write.</summary>
public sealed class ForeignProblemsTests
{
    [Test]
    public async Task Problem_of_an_object_of_Kubernetes_own_is_logged_and_a_policys_is_not()
    {
        var lines = await LoggedAsync([Bad("EndpointSlice", "cart-1"), Bad("TrafficPolicy", "p")]);

        Assert.That(lines, Is.EqualTo(["Warning EndpointSlice shop/cart-1 is not used as it stands: Accepted is False."]));
    }

    [Test]
    public async Task Flood_of_problems_is_counted()
    {
        var lines = await LoggedAsync([.. Enumerable.Range(0, 25).Select(number => Bad("Pod", $"p{number}"))]);

        Assert.That(lines, Has.Count.EqualTo(21));
        Assert.That(lines[^1], Is.EqualTo("Warning 5 more objects of Kubernetes' own are not used as they stand"));
    }

    private static async Task<IReadOnlyList<string>> LoggedAsync(StatusDocument[] documents)
    {
        using var logs = new RecordedLogs();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        var writer = new KubernetesStatusWriter(new StatusQueue(TimeProvider.System), factory.CreateLogger<KubernetesStatusWriter>());

        await writer.WriteAsync(documents, [], CancellationToken.None).WithTimeout();

        return logs.Lines;
    }

    private static StatusDocument Bad(string kind, string name) => StatusDocuments.Of(
        new ObjectStatus
        {
            Key = new ObjectKey(kind, "shop", name),
            Generation = 0,
            Target = "-",
            Scopes = [new ScopeStatus(Parent: null, [Documents.Condition(ConditionTypes.Accepted, ConditionStatus.False)])],
            Proxies = new ProxySummary(0, 0, 0),
        },
        previous: null,
        Documents.Noon);
}
