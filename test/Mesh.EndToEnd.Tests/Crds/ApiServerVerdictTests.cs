// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.Kinds;
using Mesh.Crds.Schema;
using Mesh.Testing.Policies;

namespace Mesh.EndToEnd.Tests.Crds;

/// <summary>The API server, by the generated CRDs, and file mode, by the same schema, judge alike and fill in the same defaults.</summary>
internal sealed class ApiServerVerdictTests
{
    private IReadOnlyList<ApiServerVerdict> _verdicts = [];

    [OneTimeSetUp]
    public async Task JudgeAllAsync()
    {
        if (ApiServerJudge.FindStart() is not { } start)
        {
            Assert.Ignore("KUBEBUILDER_ASSETS names no folder with a test API server and a start script above it");
            return;
        }

        _verdicts = await ApiServerJudge.JudgeAsync(start, PolicyCases.All);
    }

    [Test]
    public void Api_server_takes_and_refuses_the_same_policies()
    {
        var api = PolicyCases.All.Zip(_verdicts, (policy, verdict) => $"{policy.Name}: {(verdict.Stored is null ? "refused" : "taken")}");

        var file = PolicyCases.All.Select(policy => $"{policy.Name}: {(Judge(policy).Problems.IsEmpty ? "taken" : "refused")}");

        Assert.That(api, Is.EqualTo(file));
    }

    [Test]
    public void Api_server_names_the_same_places()
    {
        var refused = PolicyCases.All.Zip(_verdicts).Where(pair => pair.First.Path is not null);

        var elsewhere = refused
            .Where(pair => !pair.Second.Words.Contains(pair.First.Path ?? "", StringComparison.Ordinal))
            .Select(pair => $"{pair.First.Name} at {pair.First.Path}: {pair.Second.Words}");

        Assert.That(elsewhere, Is.Empty);
    }

    [Test]
    public void Api_server_fills_in_the_same_defaults()
    {
        var taken = PolicyCases.All.Zip(_verdicts).Where(pair => pair.Second.Stored is not null).ToList();

        var different = taken
            .Select(pair => (pair.First.Name, Api: JsonNode.Parse(pair.Second.Stored ?? "null")?["spec"], File: Judge(pair.First).Document["spec"]))
            .Where(specs => !JsonNode.DeepEquals(specs.Api, specs.File))
            .Select(specs => $"{specs.Name}: {specs.Api?.ToJsonString()} is not {specs.File?.ToJsonString()}");

        Assert.That(taken, Is.Not.Empty);
        Assert.That(different, Is.Empty);
    }

    private static ValidationResult Judge(PolicyCase policy)
    {
        var kind = KindCatalog.FindByKind("TrafficPolicy") ?? throw new InvalidOperationException("the catalog lacks TrafficPolicy");
        return SchemaValidator.Validate(kind.Schema, policy.Document());
    }
}
