// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;
using Mesh.XdsBench;

namespace Mesh.Benchmarks.Sessions;

/// <summary>The bench server's mesh of 1 000 services, as the snapshots that a session is given.</summary>
internal sealed class SessionMesh
{
    public const int Services = 1000;

    private readonly BenchMesh mesh = new(Services, endpoints: 10);
    private int changes;

    public static ProxyIdentity Proxy { get; } = new(new MeshNode(new NodeName("bench"), CaptureMode.Redirect), "1.40.0");

    public static string[] Clusters { get; } = Names(static service => service.ClusterName);

    public static string[] Routes { get; } = Names(static service => service.RouteName);

    public NodeSnapshot Current
    {
        get
        {
            var current = mesh.Store.Current!; // The mesh publishes when it is made.
            return new NodeSnapshot { Node = Proxy.Node.Name, Revision = current.Revision, Tables = current.Shared };
        }
    }

    /// <summary>Snapshots that follow each other, each with one endpoint changed.</summary>
    public NodeSnapshot[] Next(int count)
    {
        var next = new NodeSnapshot[count];
        for (var i = 0; i < count; i++)
        {
            mesh.ChangeEndpoint(changes++ % Services);
            next[i] = Current;
        }

        return next;
    }

    private static string[] Names(Func<BenchService, string> name) =>
        [.. Enumerable.Range(0, Services).Select(number => name(new BenchService(number, 0, 0)))];
}
