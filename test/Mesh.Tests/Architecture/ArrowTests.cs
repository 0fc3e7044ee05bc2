// SPDX-License-Identifier: Apache-2.0
using System.Xml.Linq;
using Mesh.Testing;

namespace Mesh.Tests.Architecture;

/// <summary>Holds the direction of dependencies (ARCHITECTURE.md): projects by their references, folders by their using lines.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> AllowedProjects = new(StringComparer.Ordinal)
    {
        ["Mesh.Model"] = [],
        ["Envoy.Api"] = [],
        ["Envoy.Api.Extractor"] = [],
        ["KubeOps.StandIn"] = [],
        ["Mesh.Crds"] = ["KubeOps.StandIn"],
        ["Mesh.Xds"] = ["Envoy.Api", "Mesh.Model"],
        ["Mesh.Xds.Client"] = ["Envoy.Api", "Mesh.Model"],
        ["Mesh.NodeAgent"] = ["Mesh.Model", "Mesh.Xds.Client"],
        ["Mesh.Operator"] = ["Mesh.Crds", "Mesh.Model", "Mesh.Xds", "Mesh.Xds.Client", "Mesh.NodeAgent"],
    };

    private static readonly (string Folder, string[] Forbidden)[] ForbiddenUsings =
    [
        ("xds/Mesh.Model", ["Envoy", "k8s", "Mesh.Crds", "Mesh.Operator", "Mesh.Xds", "Google", "Grpc"]),
        ("xds/Mesh.Xds", ["k8s", "KubeOps", "Mesh.Crds", "Mesh.Operator"]),
        ("xds/Mesh.Xds.Client", ["k8s", "KubeOps", "Mesh.Crds", "Mesh.Operator"]),
        ("crds", ["Envoy", "Mesh.Xds", "Mesh.Model", "Mesh.Operator"]),
        ("operator/Mesh.NodeAgent", ["k8s", "KubeOps", "Mesh.Crds", "Mesh.Operator"]),
        ("operator/Mesh.Operator/Building", ["Envoy", "Mesh.Xds", "Google", "Grpc"]),
        ("operator/Mesh.Operator/Sources", ["Envoy", "Mesh.Xds", "Google", "Grpc", "Mesh.Operator.Building", "Mesh.Operator.Status"]),
        ("operator/Mesh.Operator/Status", ["Envoy"]),
    ];

    private static IEnumerable<string> ProductProjects() =>
        new[] { "xds", "crds", "operator" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.File(folder), "*.csproj", SearchOption.AllDirectories));

    [TestCaseSource(nameof(ProductProjects))]
    public void Project_references_only_what_the_arrows_allow(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);

        var references = XDocument.Load(project)
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.That(AllowedProjects, Does.ContainKey(name), $"{name} is new: say here what it may reference");
        Assert.That(references, Is.SubsetOf(AllowedProjects[name]));
    }

    [Test]
    public void Folder_uses_only_what_the_arrows_allow()
    {
        var offenders = ForbiddenUsings
            .SelectMany(rule => SourceFiles.In(rule.Folder).SelectMany(file => Offences(file, rule.Forbidden)))
            .ToList();

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void Generated_namespaces_are_not_shadowed_by_ours()
    {
        // A namespace segment of ours with one of these names would hide the generated one where its code is compiled.
        string[] reserved = ["Grpc", "Envoy", "Google", "Udpa", "Validate"];

        var offenders = SourceFiles.In("xds").Concat(SourceFiles.In("operator"))
            .SelectMany(file => File.ReadLines(file)
                .Where(line => line.StartsWith("namespace Mesh.", StringComparison.Ordinal))
                .Where(line => line.TrimEnd(';').Split('.').Skip(1).Any(reserved.Contains))
                .Select(line => $"{file}: {line}"));

        Assert.That(offenders, Is.Empty);
    }

    private static IEnumerable<string> Offences(string file, string[] forbidden) =>
        File.ReadLines(file)
            .Where(line => line.StartsWith("using ", StringComparison.Ordinal))
            .Select(line => line.Split('=')[^1].Replace("using", string.Empty, StringComparison.Ordinal).Replace("static", string.Empty, StringComparison.Ordinal).Trim(' ', ';'))
            .Where(used => forbidden.Any(name => used == name || used.StartsWith(name + ".", StringComparison.Ordinal)))
            .Select(used => $"{Path.GetRelativePath(Repository.Root, file)} uses {used}");
}
