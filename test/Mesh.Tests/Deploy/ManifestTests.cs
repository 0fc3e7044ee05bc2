// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json.Nodes;
using Mesh.Crds.Kinds;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Cli;
using Mesh.Testing;
using Mesh.Testing.Deploy;

namespace Mesh.Tests.Deploy;

/// <summary>Manifests and program must agree, and the defaults must be the safe ones.</summary>
internal sealed class ManifestTests
{
    [Test]
    public void Operator_is_given_arguments_that_it_knows() => AssertKnown(RunCommand.Create(), Pod("Deployment", "operator.yaml"));

    [Test]
    public void Node_is_given_arguments_that_it_knows() => AssertKnown(NodeCommand.Create(), Pod("DaemonSet", "node.yaml"));

    [Test]
    public void Files_that_arguments_name_are_in_folders_that_are_mounted()
    {
        foreach (var pod in new[] { Pod("Deployment", "operator.yaml"), Pod("DaemonSet", "node.yaml") })
        {
            var container = pod["containers"]!.AsArray().Single()!;
            var mounts = container["volumeMounts"]!.AsArray().ToDictionary(static mount => (string)mount!["mountPath"]!, static mount => (string)mount!["name"]!, StringComparer.Ordinal);
            var folders = Manifests.Texts(container["args"]).Select(static argument => argument.Split('=')[^1]).Where(static value => value.StartsWith("/etc/", StringComparison.Ordinal)).Select(Path.GetDirectoryName);

            Assert.That(folders.Distinct(StringComparer.Ordinal), Is.SubsetOf(mounts.Keys));
            Assert.That(mounts.Values, Is.EquivalentTo(pod["volumes"]!.AsArray().Select(static volume => (string?)volume!["name"])));
        }
    }

    [TestCase("Deployment", "operator.yaml")]
    [TestCase("DaemonSet", "node.yaml")]
    public void Pod_has_no_privilege(string kind, string file)
    {
        var pod = Pod(kind, file);
        var container = pod["containers"]!.AsArray().Single()!;

        Assert.That(pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>(), Is.True);
        Assert.That((string?)pod["securityContext"]!["seccompProfile"]!["type"], Is.EqualTo("RuntimeDefault"));
        Assert.That(container["securityContext"]!["allowPrivilegeEscalation"]!.GetValue<bool>(), Is.False);
        Assert.That(container["securityContext"]!["readOnlyRootFilesystem"]!.GetValue<bool>(), Is.True);
        Assert.That(Manifests.Texts(container["securityContext"]!["capabilities"]!["drop"]), Is.EqualTo(["ALL"]));
        Assert.That(container["securityContext"]!["capabilities"]!["add"], Is.Null);
        Assert.That(pod["volumes"]!.AsArray().Where(static volume => volume!["hostPath"] is not null), Is.Empty);
        Assert.That((pod["hostPID"], pod["hostIPC"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));
    }

    [TestCase("Deployment", "operator.yaml")]
    [TestCase("DaemonSet", "node.yaml")]
    public void Pod_has_probes_resources_and_the_time_to_stop(string kind, string file)
    {
        var pod = Pod(kind, file);
        var container = pod["containers"]!.AsArray().Single()!;

        Assert.That((string?)container["livenessProbe"]!["httpGet"]!["path"], Is.EqualTo("/healthz"));
        Assert.That((string?)container["readinessProbe"]!["httpGet"]!["path"], Is.EqualTo("/readyz"));
        Assert.That(container["startupProbe"], Is.Not.Null);
        Assert.That(container["resources"]!["requests"]!["memory"], Is.Not.Null);
        Assert.That(container["resources"]!["limits"]!["memory"], Is.Not.Null);

        // Program.cs gives itself 30 s.
        Assert.That(pod["terminationGracePeriodSeconds"]!.GetValue<int>(), Is.GreaterThan(30));
    }

    [Test]
    public void Every_CRD_of_ours_is_deployed()
    {
        var files = Directory.EnumerateFiles(Repository.File("crds", "manifests"), "*.yaml").Select(static file => $"manifests/{Path.GetFileName(file)}");

        Assert.That(Manifests.Texts(Manifests.Read("crds", "kustomization.yaml").Single()["resources"]), Is.EquivalentTo(files));
    }

    [Test]
    public void Argo_CD_has_a_health_check_for_every_kind_with_a_status_that_we_write()
    {
        const string prefix = "resource.customizations.health.";
        var settings = Manifests.Read("config", "argocd", "kustomization.yaml").Single()["configMapGenerator"]!.AsArray().Single()!;

        var keys = Manifests.Texts(settings["files"]).Select(static file => file.Split('=')[0]).ToList();

        var kinds = KindCatalog.All
            .Where(static kind => kind.Origin is KindOrigin.Mesh or KindOrigin.GatewayApi && kind.Schema.Status is not null)
            .Select(static kind => $"{prefix}{kind.Group}_{kind.Kind}")
            .Append($"{prefix}{ApiGroup.Name}_MeshNode")
            .Distinct(StringComparer.Ordinal);
        Assert.That(keys, Is.EquivalentTo(kinds));
    }

    private static JsonObject Pod(string kind, string file) => Manifests.Single(kind, "config", "base", file)["spec"]!["template"]!["spec"]!.AsObject();

    private static void AssertKnown(Command command, JsonObject pod)
    {
        var arguments = Manifests.Texts(pod["containers"]!.AsArray().Single()!["args"]);

        Assert.That(arguments[0], Is.EqualTo(command.Name));
        Assert.That(command.Parse([.. arguments.Skip(1)]).Errors.Select(static error => error.Message), Is.Empty);
    }
}
