// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Processes;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>What <c>make run-kube ARGS=--once</c> does.</summary>
internal sealed class RunKubeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Test]
    public async Task Sample_is_in_force_on_an_api_server_that_asks_the_operator_of_every_write()
    {
        var envoy = PinnedEnvoy.RequireBinary();
        RequireKubernetes();
        var state = Directory.CreateTempSubdirectory("mesh-kube-");

        var outcome = await Command.RunAsync(
            new CommandLine("dotnet", [Program(), "kube", "--once", "--limit", "150", "--state", state.FullName, "--envoy", envoy]) { Limit = Limit }, CancellationToken.None);

        state.Delete(recursive: true);
        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output);
        Assert.That(outcome.Output, Does.Match(@"cart-resilience +Service/cart +True +True +1/1").And.Match(@"generation 2 in force.* after \d+ ms"));
        Assert.That(outcome.Output, Does.Match(@"HTTPRoute +shop +cart +True +True").And.Match(@"GRPCRoute +shop +catalog +True +True"));
        Assert.That(outcome.Output, Does.Match(@"The TrafficPolicy ""catalog-host"" is invalid: spec\.rules\[0\]\.filters\[0\]\.requestHeaderModifier\.set\[0\]\.name: ""Host"" cannot be changed: use a URLRewrite filter"));
        Assert.That(outcome.Output, Does.Contain("Warning: replaces the routes of HTTPRoute shop/cart for Service shop/cart"));
    }

    private static void RequireKubernetes()
    {
        if (TestApiServerFiles.FindAssets(Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS")) is null)
        {
            Assert.Ignore("KUBEBUILDER_ASSETS names no folder with kube-apiserver, etcd and kubectl");
        }

        _ = Definitions.GatewayApi("httproutes");
    }

    private static string Program()
    {
        // A sibling of the tests' own output folder: bin/PROJECT/CONFIGURATION.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Mesh.Sample", own.Name, "mesh-sample.dll");
    }
}
