// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Access;
using Mesh.EndToEnd.Tests.Kubernetes;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>The operator's token comes from a file, as in a pod, where it is replaced now and then.</summary>
internal sealed class CredentialTests
{
    private const string Refused = "refuses the operator's credentials";

    [Test]
    public async Task Token_replaced_in_its_file_is_taken_and_a_revoked_one_harms_nobody_until_it_is_replaced()
    {
        await using var cluster = await ResilientCluster.StartAsync(new ClusterScene(116));
        await using var relay = new TcpRelay(cluster.Server.Address.Port);
        await AllowAsync(cluster.Server);
        using var file = new TokenOnDisk();
        await file.WriteAsync(await TokenAsync(cluster.Server, "first"));
        await using var mesh = await MeshUnderLoad.StartAsync(cluster, cluster.Server.WriteKubeconfig(relay.Port, $"tokenFile: {file.Path}"));

        // Replaced in time: nobody notices.
        await file.WriteAsync(await TokenAsync(cluster.Server, "second"));
        await RevokeAsync(cluster.Server, "first");
        Reconnect(relay);
        await cluster.Server.ApplyAsync(LoadScene.Policy(1));
        await cluster.ProgrammedAsync(2);
        var unnoticed = mesh.Logs.Lines;

        // Revoked: watches end, and statuses are not written.
        await RevokeAsync(cluster.Server, "second");
        Reconnect(relay);
        var line = await mesh.Logs.LineAsync(Refused);
        await cluster.Server.ApplyAsync(LoadScene.Policy(2));
        await mesh.SecondsAsync(1);
        await file.WriteAsync(await TokenAsync(cluster.Server, "third"));
        await mesh.Logs.LineAsync("takes the operator's credentials again");
        await cluster.ProgrammedAsync(3);

        var metrics = await mesh.Mesh.MetricsAsync().WithTimeout();
        var failures = await mesh.FailuresAsync();
        Assert.Multiple(() =>
        {
            Assert.That(failures, Is.Empty);
            Assert.That(unnoticed, Has.None.Contains(Refused).And.None.Contains("Unauthorized"));
            Assert.That(line, Does.Contain($"put a valid token into {file.Path}"));
            Assert.That(mesh.Logs.Lines.Where(static line => line.Contains(Refused, StringComparison.Ordinal)), Has.Exactly(1).Items);
            Assert.That(mesh.Logs.Lines, Has.None.Contains("cannot be followed: Unauthorized").And.None.Contains("could not be written: Unauthorized"));
            Assert.That(metrics, Does.Match("""mesh_api_answers_total\{code="401"\} [1-9]"""));
            Assert.That(mesh.Sent, Is.EqualTo(2), "a route table for each change");
            Assert.That(mesh.Removed, Is.Zero);
        });
    }

    /// <summary>The account with its role, and what its tokens are bound to.</summary>
    private static Task<string> AllowAsync(TestApiServer server) => server.ApplyAsync(string.Join("\n---\n",
    [
        ClusterSetup.Generated("config/rbac/operator.yaml"),
        .. new[] { "first", "second", "third" }.Select(static name =>
            $$"""{apiVersion: v1, kind: Secret, metadata: {name: {{name}}, namespace: "{{OperatorNames.Namespace}}"} }"""),
    ]));

    private static Task<string> TokenAsync(TestApiServer server, string secret) => server.KubectlAsync(
        "create", "token", OperatorNames.Operator, "-n", OperatorNames.Namespace, "--bound-object-kind=Secret", $"--bound-object-name={secret}");

    private static Task<string> RevokeAsync(TestApiServer server, string secret) => server.KubectlAsync("delete", "secret", secret, "-n", OperatorNames.Namespace);

    /// <summary>Who somebody is is asked at the start of a request: a watch that runs goes on.</summary>
    private static void Reconnect(TcpRelay relay)
    {
        relay.Break();
    }
}
