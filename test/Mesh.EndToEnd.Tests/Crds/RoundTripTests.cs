// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.Access;
using Mesh.Crds.Kinds;
using Mesh.Crds.Schema;
using Mesh.EndToEnd.Tests.Kubernetes;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Crds;

/// <summary>No difference ever shows that nobody made: what GitOps tools compare again and again.</summary>
internal sealed class RoundTripTests
{
    private TestApiServer? server;
    private DirectoryInfo? folder;

    private TestApiServer Server => server ?? throw new InvalidOperationException("not set up");

    private static IEnumerable<int> Examples => Enumerable.Range(0, FullExamples.All.Count);

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = await TestApiServer.StartAsync();
        folder = Directory.CreateTempSubdirectory("mesh-round-");
        await ClusterSetup.ApplyDefinitionsAsync(Server);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        folder?.Delete(recursive: true);
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    [TestCaseSource(nameof(Examples))]
    [NonParallelizable]
    public async Task What_get_prints_can_be_applied_and_changes_nothing(int example)
    {
        var written = await WriteAsync(FullExamples.All[example]);
        await Server.KubectlAsync("apply", "-f", written);
        var own = await Server.TryKubectlAsync("diff", "-f", written);
        var printed = await Server.KubectlAsync("get", "-o", "yaml", "-f", written);
        var before = await GenerationAsync(written);

        var taken = await WriteAsync(printed);
        await Server.KubectlAsync("apply", "-f", taken);

        var diff = await Server.TryKubectlAsync("diff", "-f", taken);
        var after = await GenerationAsync(written);
        await Server.KubectlAsync("delete", "-f", written);
        Assert.That((own.ExitCode, own.Output), Is.EqualTo((0, "")));
        Assert.That((diff.ExitCode, diff.Output), Is.EqualTo((0, "")));
        Assert.That(after, Is.EqualTo(before));
    }

    [Test]
    public async Task Definitions_and_manifests_show_no_difference_after_they_were_applied()
    {
        var all = Generator.Generate().Where(file => file.Key.EndsWith(".yaml", StringComparison.Ordinal) && !file.Key.EndsWith("kustomization.yaml", StringComparison.Ordinal));
        var written = await WriteAsync($"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {OperatorNames.Namespace}\n---\n" + string.Join("---\n", all.Select(file => file.Value)));

        // A server of its own: a webhook that nobody answers blocks the writes of the other tests.
        await using var own = await TestApiServer.StartAsync();
        await own.KubectlAsync("apply", "--server-side", "-f", written);
        var diff = await own.TryKubectlAsync("diff", "--server-side", "-f", written);

        Assert.That((diff.ExitCode, diff.Output), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Examples_give_every_field_that_there_is()
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var example in FullExamples.All)
        {
            var printed = await Server.KubectlAsync("create", "--dry-run=client", "-o", "json", "-f", await WriteAsync(example));
            var document = JsonNode.Parse(printed);
            Given(KindCatalog.FindByKind(document?["kind"]?.GetValue<string>())?.Schema.Root.Find("spec")?.Schema, document?["spec"], given);
        }

        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var kind in AccessTable.UserKinds)
        {
            AllOf(kind.Schema.Root.Find("spec")?.Schema, all);
        }

        Assert.That(all.Except(given, StringComparer.Ordinal), Is.Empty);
    }

    /// <summary>What kubectl explain prints is what the API server's OpenAPI says.</summary>
    [Test]
    public async Task Every_field_is_explained()
    {
        var text = await Server.KubectlAsync("get", "--raw", "/openapi/v3/apis/mesh.operator.dev/v1alpha1");
        var schemas = JsonNode.Parse(text)?["components"]?["schemas"] as JsonObject ?? [];
        var silent = new List<string>();
        foreach (var kind in AccessTable.UserKinds)
        {
            var schema = schemas.First(entry => entry.Key.EndsWith($".{kind.Kind}", StringComparison.Ordinal)).Value;
            Silent(schema?["properties"]?["spec"], $"{kind.Kind}.spec", silent);
            Silent(schema?["properties"]?["status"], $"{kind.Kind}.status", silent);
        }

        var explained = await Server.KubectlAsync("explain", "trafficpolicies.spec.retries.attempts");
        Assert.That(silent, Is.Empty);
        Assert.That(explained, Does.Contain("FIELD: attempts").And.Contain("DESCRIPTION:").And.Contain("How many times a request"));
    }

    private static void Silent(JsonNode? schema, string path, List<string> silent)
    {
        if (schema?["description"] is null)
        {
            silent.Add(path);
        }

        foreach (var (name, property) in (schema?["properties"] ?? schema?["items"]?["properties"]) as JsonObject ?? [])
        {
            Silent(property, $"{path}.{name}", silent);
        }
    }

    /// <summary>The fields that a document gives, each as "Type.field".</summary>
    private static void Given(SchemaNode? schema, JsonNode? value, HashSet<string> found)
    {
        switch (value)
        {
            case JsonObject fields:
                foreach (var (name, field) in fields)
                {
                    found.Add($"{schema?.TypeName}.{name}");
                    Given(schema?.Find(name)?.Schema, field, found);
                }

                break;
            case JsonArray elements:
                foreach (var element in elements)
                {
                    Given(schema?.Items, element, found);
                }

                break;
        }
    }

    private static void AllOf(SchemaNode? schema, HashSet<string> found)
    {
        foreach (var property in schema?.Properties ?? [])
        {
            found.Add($"{schema?.TypeName}.{property.Name}");
            AllOf(property.Schema.Items ?? property.Schema, found);
        }
    }

    private async Task<string> WriteAsync(string content)
    {
        var file = Path.Combine(folder?.FullName ?? "", $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, content);
        return file;
    }

    private Task<string> GenerationAsync(string file) => Server.KubectlAsync("get", "-o", "jsonpath={.metadata.generation} {.metadata.uid}", "-f", file);
}
