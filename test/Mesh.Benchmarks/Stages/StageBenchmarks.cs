// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Xds.Snapshots;

namespace Mesh.Benchmarks.Stages;

/// <summary>The pure stages, from objects to what a node holds.</summary>
public class StageBenchmarks
{
    private const int ChangesToWarm = 1000;

    private static readonly MeshNode Redirected = new(new NodeName("bench"), CaptureMode.Redirect);
    private static readonly MeshNode Looped = new(new NodeName("bench"), CaptureMode.Loopback);

    // Each benchmark is set up anew; the mesh is the same.
    private static readonly Dictionary<int, Start> Starts = [];

    private StoreChange[] changes = [];
    private ResourceSet resources = ResourceSet.Empty;
    private BuildResult built = BuildResult.Empty;
    private MeshSnapshot? snapshot;
    private StoreChange[] rules = [];
    private BuildResult ruled = BuildResult.Empty;
    private MeshSnapshot? ruling;
    private NodeSnapshot? obedient;
    private NodeSnapshot? redirected;
    private NodeSnapshot? looped;
    private int round;

    /// <summary>Size of the mesh.</summary>
    [Params(StagesTable.Small, StagesTable.Large)]
    public int Services { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        if (!Starts.TryGetValue(Services, out var start))
        {
            Starts.Add(Services, start = Start.Of(Services));
        }

        (resources, changes, built, snapshot) = (start.Resources, start.Changes, start.Built, start.Snapshot);
        redirected = SnapshotBuilder.ForNode(snapshot, Redirected, previous: null);
        looped = start.Looped;
        (rules, ruled, ruling) = (start.Rules, start.Ruled, start.Ruling);
        obedient = SnapshotBuilder.ForNode(ruling, Redirected, previous: null);

        // Optimised code is what counts, and the first benchmark must not pay for it.
        for (var change = 0; change < ChangesToWarm; change++)
        {
            ChangeOneSlice();
            ChangeOneSliceLooped();
            ChangeOnePolicy();
        }

        (built, snapshot, redirected) = (start.Built, start.Snapshot, SnapshotBuilder.ForNode(start.Snapshot, Redirected, previous: null));
        looped = start.Looped;
    }

    [Benchmark(Description = "model from nothing"), BenchmarkCategory(StagesTable.FromNothing)]
    public BuildResult BuildModel() => ModelBuilder.Build(resources);

    [Benchmark(Description = "translate, check, encode, hash, diff from nothing"), BenchmarkCategory(StagesTable.FromNothing)]
    public MeshSnapshot BuildSnapshot() => SnapshotBuilder.Build(built.Model, previous: null);

    [Benchmark(Description = "node part from nothing, loopback capture"), BenchmarkCategory(StagesTable.FromNothing)]
    public NodeSnapshot BuildLoopedNode() => SnapshotBuilder.ForNode(snapshot!, Looped, previous: null);

    /// <summary>Each run changes one slice to and fro: model, snapshot and the node's part, as the loop does it.</summary>
    [Benchmark(Description = "one EndpointSlice changes: model, snapshot, node, redirect capture"), BenchmarkCategory(StagesTable.OneChange)]
    public NodeSnapshot ChangeOneSlice()
    {
        built = ModelBuilder.Update(built, changes[round++ % changes.Length]);
        snapshot = SnapshotBuilder.Build(built.Model, snapshot);
        return redirected = SnapshotBuilder.ForNode(snapshot, Redirected, redirected);
    }

    /// <summary>As above with one TrafficPolicy, in a mesh that has one for each service.</summary>
    [Benchmark(Description = "one TrafficPolicy of as many as services changes: model, snapshot, node, redirect capture"), BenchmarkCategory(StagesTable.OneChange)]
    public NodeSnapshot ChangeOnePolicy()
    {
        ruled = ModelBuilder.Update(ruled, rules[round++ % rules.Length]);
        ruling = SnapshotBuilder.Build(ruled.Model, ruling);
        return obedient = SnapshotBuilder.ForNode(ruling, Redirected, obedient);
    }

    [Benchmark(Description = "one EndpointSlice changes: model, snapshot, node, loopback capture"), BenchmarkCategory(StagesTable.OneChange)]
    public NodeSnapshot ChangeOneSliceLooped()
    {
        built = ModelBuilder.Update(built, changes[round++ % changes.Length]);
        snapshot = SnapshotBuilder.Build(built.Model, snapshot);
        return looped = SnapshotBuilder.ForNode(snapshot, Looped, looped);
    }

    private sealed record Start(ResourceSet Resources, StoreChange[] Changes, BuildResult Built, MeshSnapshot Snapshot, NodeSnapshot Looped)
    {
        public required StoreChange[] Rules { get; init; }

        public required BuildResult Ruled { get; init; }

        public required MeshSnapshot Ruling { get; init; }

        public static Start Of(int services)
        {
            var mesh = SyntheticMesh.Build(services);
            var rules = SyntheticMesh.BuildRuled(services);
            var ruled = ModelBuilder.Build(rules.Build());
            var before = mesh.Build();
            var model = ModelBuilder.Build(before);
            var first = SnapshotBuilder.Build(model.Model, previous: null);
            return new Start(
                before, [SyntheticMesh.ChangeOneSlice(mesh, 0), SyntheticMesh.ChangeOneSlice(mesh, 1)], model, first,
                SnapshotBuilder.ForNode(first, StageBenchmarks.Looped, previous: null))
            {
                Rules = [SyntheticMesh.ChangeOnePolicy(rules, "2s"), SyntheticMesh.ChangeOnePolicy(rules, "3s")],
                Ruled = ruled,
                Ruling = SnapshotBuilder.Build(ruled.Model, previous: null),
            };
        }
    }
}
