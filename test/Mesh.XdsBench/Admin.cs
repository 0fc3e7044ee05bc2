// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Acks;

namespace Mesh.XdsBench;

/// <summary>What makes the mesh change, and numbers of the process.</summary>
internal static class Admin
{
    public static void Map(IEndpointRouteBuilder endpoints, BenchMesh mesh, BenchOptions options)
    {
        endpoints.MapPost("/endpoint", (int service) => Done(mesh.ChangeEndpoint(service), mesh));
        endpoints.MapPost("/route", (int service) => Done(mesh.ChangeRoute(service), mesh));
        endpoints.MapPost("/add-service", (int? service) => Done(mesh.Add(service), mesh));
        endpoints.MapPost("/remove-service", (int? service) => Done(mesh.Remove(service), mesh));
        endpoints.MapGet("/stats", (AckLedger ledger, int? gc) => Results.Json(Stats(ledger, mesh, options, gc)));
    }

    private static IResult Done(bool isDone, BenchMesh mesh) => isDone
        ? Results.Json(new { services = mesh.Services })
        : Results.NotFound(new { error = "There is no such service, or there is one already.", services = mesh.Services });

    private static object Stats(AckLedger ledger, BenchMesh mesh, BenchOptions options, int? gc)
    {
        if (gc is not null)
        {
            // All that can be given back is, so that what is left is what is used.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var counters = ledger.Counters;
        return new
        {
            services = mesh.Services,
            nodes = options.Nodes,
            streams = ledger.Proxies.Length,
            responses = counters.ResponsesSent,
            resources = counters.ResourcesSent,
            nacks = counters.Nacks,
            pid = Environment.ProcessId,
            cpu_seconds = process.TotalProcessorTime.TotalSeconds,
            rss_bytes = process.WorkingSet64,
            heap_bytes = GC.GetTotalMemory(forceFullCollection: false),
            allocated_bytes = GC.GetTotalAllocatedBytes(),
            gc = GC.CollectionCount(0),
        };
    }
}
