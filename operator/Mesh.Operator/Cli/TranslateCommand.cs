// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources.Files;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.Operator.Cli;

/// <summary><c>mesh-operator translate</c>: what a node would get, as YAML, without running anything.</summary>
internal static class TranslateCommand
{
    public static Command Create()
    {
        var directory = new Option<DirectoryInfo>("--dir", "-d", "-f") { Description = "Folder of YAML", Required = true };
        var node = new Option<string>("--node") { Description = "Node to translate for", DefaultValueFactory = _ => "local" };
        var capture = new Option<CaptureMode>("--capture")
        {
            Description = "How connections reach Envoy",
            DefaultValueFactory = _ => CaptureMode.Loopback,
        };
        var type = new Option<ResourceType?>("--type") { Description = "Only resources of this type" };
        var command = new Command("translate", "Print what a node would get; findings go to standard error") { directory, node, capture, type };
        command.SetAction(result => Run(
            result.GetRequiredValue(directory),
            new MeshNode(new NodeName(result.GetRequiredValue(node)), result.GetValue(capture)),
            result.GetValue(type)));
        return command;
    }

    private static int Run(DirectoryInfo directory, MeshNode node, ResourceType? only)
    {
        if (!directory.Exists)
        {
            Console.Error.WriteLine($"mesh-operator: --dir {directory}: there is no such folder");
            return 2;
        }

        var built = ModelBuilder.Build(FileSource.ReadOnce(directory.FullName));
        var mesh = SnapshotBuilder.Build(built.Model, previous: null);
        var snapshot = SnapshotBuilder.ForNode(mesh, node, previous: null);
        foreach (var type in ResourceTypes.PushOrder.Where(type => only is null || type == only))
        {
            Console.Write(SnapshotYaml.Of(snapshot, type));
        }

        var lines = FindingLines(built, [.. mesh.Refused, .. snapshot.Refused]).ToList();
        foreach (var line in lines)
        {
            Console.Error.WriteLine(line);
        }

        return lines.Count == 0 ? 0 : 1;
    }

    private static IEnumerable<string> FindingLines(BuildResult built, IEnumerable<RefusedResource> withheld)
    {
        var findings = built.Findings
            .OrderBy(pair => pair.Key)
            .SelectMany(pair => pair.Value.Select(finding => $"{pair.Key}: {finding.Condition} {finding.Reason}: {finding.Path}: {finding.Message}"));
        var problems = built.Resources.Problems
            .Where(pair => !built.Findings.ContainsKey(pair.Key))
            .OrderBy(pair => pair.Key)
            .SelectMany(pair => pair.Value.Select(problem => $"{pair.Key}: {problem.File}:{problem.Line}: {problem.Path}: {problem.Message}"));
        var refused = withheld.Select(resource => $"{resource.Key}: Envoy would refuse it: {resource.Message}");
        return findings.Concat(problems).Concat(refused);
    }
}
