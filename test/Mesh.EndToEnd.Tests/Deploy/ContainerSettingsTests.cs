// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Deploy;

/// <summary>What <c>dotnet publish -t:PublishContainer</c> would make. Nothing is built: that needs a base image out of a registry.</summary>
internal sealed class ContainerSettingsTests
{
    private static readonly string[] Properties = ["ContainerRepository", "ContainerImageTag", "ContainerUser", "ContainerFamily", "EnableSdkContainerSupport"];

    [Test]
    public async Task Image_has_a_name_without_a_registry_a_version_and_no_root()
    {
        var outcome = await Tool.RunAsync(
            "dotnet",
            "dotnet-sdk-10.0",
            ["msbuild", Repository.File("operator", "Mesh.Operator", "Mesh.Operator.csproj"), "-p:Configuration=Release", .. Properties.Select(static name => $"-getProperty:{name}")])
            .WithTimeout(Timeouts.Default * 4);

        Assert.That(outcome.Problem, Is.Null, outcome.Output);
        using var document = JsonDocument.Parse(outcome.Output[outcome.Output.IndexOf('{', StringComparison.Ordinal)..]);
        var values = document.RootElement.GetProperty("Properties");
        Assert.That(values.GetProperty("ContainerRepository").GetString(), Is.EqualTo("mesh-operator"));
        Assert.That(values.GetProperty("ContainerImageTag").GetString(), Does.Match("^[0-9]+\\.[0-9]+\\.[0-9]+$"));
        Assert.That(values.GetProperty("ContainerUser").GetString(), Is.EqualTo("65532"));
        Assert.That(values.GetProperty("ContainerFamily").GetString(), Is.EqualTo("noble-chiseled"));
        Assert.That(values.GetProperty("EnableSdkContainerSupport").GetString(), Is.EqualTo("true"));
    }
}
