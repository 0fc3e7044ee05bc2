// SPDX-License-Identifier: Apache-2.0
using Mesh.Benchmarks;
using Mesh.Benchmarks.Cluster;
using Mesh.Benchmarks.ColdStart;
using Mesh.Benchmarks.Running;
using Mesh.Benchmarks.Sessions;
using Mesh.Benchmarks.Stages;
using Mesh.Benchmarks.Streams;

const string Usage =
    """
    make bench [ARGS="NAME..."]     all of them without a name
      stages      model, snapshot, node part and the change of one EndpointSlice or policy, for 1 000 and 5 000 services
      changes     100 changes of a policy under 200 requests/s, with a real Envoy
      restart     kill -9 of the operator under 200 requests/s, and a new one with the same state folder
      coldstart   a cold Envoy in a mesh of 20, 1 000 and 5 000 services, both capture modes
      streams     10 000 idle streams, 100 stalled ones of 1 000, a reconnect storm of 1 000; or one of idle, stalled, storm
      cluster     1 000 services, 5 000 pods and 1 000 policies on a real API server, 100 simulated nodes
      allocations what a session allocates for a push, a cold sync, an acknowledgement, a reconnect
    changes, restart and coldstart need ENVOY_BIN, cluster needs KUBEBUILDER_ASSETS.
    """;

var known = new Dictionary<string, Func<Task>>(StringComparer.Ordinal)
{
    ["stages"] = StagesTable.PrintAsync,
    ["changes"] = PolicyChanges.PrintAsync,
    ["restart"] = OperatorRestart.PrintAsync,
    ["coldstart"] = ColdStartTable.PrintAsync,
    ["streams"] = StreamsTable.PrintAsync,
    ["cluster"] = ClusterScale.PrintAsync,
    ["allocations"] = AllocationsTable.PrintAsync,
    ["idle"] = IdleStreams.PrintAsync,
    ["stalled"] = StalledStreams.PrintAsync,
    ["storm"] = ReconnectStorm.PrintAsync,
    [ColdStartTable.InNamespace] = ColdStartTable.PrintRedirectAsync,
};
var wanted = args.Length == 0 ? ["stages", "changes", "restart", "coldstart", "streams", "cluster", "allocations"] : args;
if (wanted.Any(name => !known.ContainsKey(name)))
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

Report.Heading();
foreach (var name in wanted)
{
    await known[name]();
}

return 0;
