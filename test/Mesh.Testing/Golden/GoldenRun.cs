// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Cli;
using Mesh.Operator.Sources;
using Mesh.Operator.Sources.Files;
using Mesh.Operator.Status;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Testing.Golden;

/// <summary>The pipeline's pure stages over a case: files in, model, the node's xDS and statuses out, as text by path.</summary>
internal static class GoldenRun
{
    private static readonly DateTime Time = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly NodeName Node = new("node-1");

    public static SortedDictionary<string, string> Produce(GoldenCase golden)
    {
        var folder = Directory.CreateTempSubdirectory("mesh-golden-");
        try
        {
            return Produce(golden, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static SortedDictionary<string, string> Produce(GoldenCase golden, string folder)
    {
        var store = new ResourceStore();
        var memory = StatusMemory.Empty;
        MeshSnapshot? mesh = null;
        var files = FileIndex.Empty;
        var built = BuildResult.Empty;
        foreach (var step in new[] { golden.Input, golden.Edit }.Where(Directory.Exists))
        {
            Copy(step, folder);
            var update = files.Apply(FolderReading.Read(folder, files, static _ => true));
            files = update.Next;
            store.Batch(update.WriteTo);
            built = ModelBuilder.Build(store.Current);
            mesh = SnapshotBuilder.Build(built.Model, mesh);
        }

        var snapshot = SnapshotBuilder.ForNode(mesh!, new MeshNode(Node, CaptureMode.Loopback), previous: null);
        var report = StatusReporter.Report(new StatusInput(built, mesh!, [ThatAcceptedAll(snapshot)]) { Nodes = [snapshot] }, memory);
        return Texts(built, snapshot, report);
    }

    private static SortedDictionary<string, string> Texts(BuildResult built, NodeSnapshot snapshot, StatusReport report)
    {
        // A node without trouble says nothing of the case.
        var statuses = report.Objects.Values.Where(static status => status.Node is null || status.Proxies.Rejected > 0).Select(status => "---\n" + StatusYaml.Of(StatusDocuments.Of(status, previous: null, Time)));
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["model.yaml"] = ModelYaml.Of(built.Model),
            ["status.yaml"] = string.Concat(statuses),
        };
        foreach (var type in ResourceTypes.PushOrder)
        {
            texts[$"{Node}/{FileName(type)}.yaml"] = SnapshotYaml.Of(snapshot, type);
        }

        foreach (var path in texts.Where(text => text.Value.Length == 0).Select(text => text.Key).ToList())
        {
            texts.Remove(path);
        }

        return texts;
    }

    private static string FileName(ResourceType type) => type switch
    {
        ResourceType.Cluster => "clusters",
        ResourceType.Secret => "secrets",
        ResourceType.Runtime => "runtimes",
        ResourceType.VirtualHost => "virtual-hosts",
        ResourceType.Endpoint => "endpoints",
        ResourceType.Extension => "extensions",
        ResourceType.Route => "routes",
        ResourceType.ScopedRoute => "scopes",
        ResourceType.Listener => "listeners",
    };

    /// <summary>A proxy that has used everything and accepted all of it.</summary>
    private static ProxyState ThatAcceptedAll(NodeSnapshot snapshot) => new()
    {
        Node = Node,
        StreamId = 1,
        ProxyVersion = "1.40.0",
        Accepted = AcceptedResources.Of(snapshot.Tables.SelectMany(static table => table.Ordered)),
        Rejected = ImmutableDictionary<ResourceKey, RejectedResource>.Empty,
        Pending = PendingResources.None,
        SentRevision = snapshot.Revision,
    };

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
