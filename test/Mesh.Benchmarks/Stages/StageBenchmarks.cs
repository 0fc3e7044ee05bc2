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
    private static readonly MeshNode Redirected = new(new NodeName("bench"), CaptureMode.Redirect);
    private static readonly MeshNode Looped = new(new NodeName("bench"), CaptureMode.Loopback);

    private readonly StoreChange[] changes = new StoreChange[2];
    private ResourceSet resources = ResourceSet.Empty;
    private BuildResult built = BuildResult.Empty;
    private MeshSnapshot? snapshot;
    private NodeSnapshot? redirected;
    private NodeSnapshot? looped;
    private int round;

    /// <summary>Size of the mesh.</summary>
    [Params(StagesTable.Small, StagesTable.Large)]
    public int Services { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var builder = SyntheticMesh.Build(Services);
        resources = builder.Build();
        for (var version = 0; version < changes.Length; version++)
        {
            changes[version] = SyntheticMesh.ChangeOneSlice(builder, version);
        }

        built = ModelBuilder.Build(resources);
        snapshot = SnapshotBuilder.Build(built.Model, previous: null);
        redirected = SnapshotBuilder.ForNode(snapshot, Redirected, previous: null);
        looped = SnapshotBuilder.ForNode(snapshot, Looped, previous: null);
    }

    [Benchmark(Description = "model from nothing")]
    public BuildResult BuildModel() => ModelBuilder.Build(resources);

    [Benchmark(Description = "translate, check, encode, hash, diff from nothing")]
    public MeshSnapshot BuildSnapshot() => SnapshotBuilder.Build(built.Model, previous: null);

    [Benchmark(Description = "node part from nothing, redirect capture")]
    public NodeSnapshot BuildRedirectedNode() => SnapshotBuilder.ForNode(snapshot!, Redirected, previous: null);

    [Benchmark(Description = "node part from nothing, loopback capture")]
    public NodeSnapshot BuildLoopedNode() => SnapshotBuilder.ForNode(snapshot!, Looped, previous: null);

    /// <summary>Each run changes one slice to and fro: model, snapshot and the node's part, as the loop does it.</summary>
    [Benchmark(Description = StagesTable.OneSlice)]
    public NodeSnapshot ChangeOneSlice()
    {
        built = ModelBuilder.Update(built, changes[round++ % changes.Length]);
        snapshot = SnapshotBuilder.Build(built.Model, snapshot);
        return redirected = SnapshotBuilder.ForNode(snapshot, Redirected, redirected);
    }

    [Benchmark(Description = "one EndpointSlice changes, loopback capture")]
    public NodeSnapshot ChangeOneSliceLooped()
    {
        built = ModelBuilder.Update(built, changes[round++ % changes.Length]);
        snapshot = SnapshotBuilder.Build(built.Model, snapshot);
        return looped = SnapshotBuilder.ForNode(snapshot, Looped, looped);
    }
}
