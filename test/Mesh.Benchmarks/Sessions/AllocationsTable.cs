// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Mesh.Testing;

namespace Mesh.Benchmarks.Sessions;

/// <summary>Runs <see cref="SessionBenchmarks"/> in this process.</summary>
internal static class AllocationsTable
{
    private const long PushGoal = 4096;

    // One call each: what a call uses up is prepared before it, and each does enough to be measured.
    private static Job Few => Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
        .WithGcForce(false)
        .WithInvocationCount(1)
        .WithUnrollFactor(1)
        .WithWarmupCount(10)
        .WithIterationCount(20);

    public static Task PrintAsync()
    {
        var results = Run().ToLookup(static result => result.What, StringComparer.Ordinal);
        Report.Table(
            "allocations: a session that holds 1 000 clusters and 1 000 assignments, without its socket; medians",
            ["what", "delta: time", "delta: bytes", "state of the world: time", "state of the world: bytes"],
            results.Select(static group => Row(group.Key, Of(group, SessionBenchmarks.Delta), Of(group, SessionBenchmarks.World))));
        var push = Of(results[SessionBenchmarks.Push], SessionBenchmarks.Delta);
        Report.Verdict(Report.Text($"a delta push with its ACK allocates at most {PushGoal:N0} bytes"), push.Bytes <= PushGoal);
        return Task.CompletedTask;
    }

    private static IEnumerable<Result> Run()
    {
        var summary = BenchmarkRunner.Run<SessionBenchmarks>(ManualConfig.CreateEmpty()
            .AddJob(Few)
            .AddLogger(NullLogger.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(Repository.File("artifacts", "benchmarks")));
        return summary.ValidationErrors.Any(static error => error.IsCritical)
            ? throw new InvalidOperationException(string.Join("; ", summary.ValidationErrors.Select(static error => error.Message)))
            : summary.Reports.Select(Result.Of);
    }

    private static Result Of(IEnumerable<Result> results, string variant) => results.Single(result => result.Variant == variant);

    private static string[] Row(string what, Result delta, Result world) =>
        [what, Report.Duration(delta.Median), Report.Text($"{delta.Bytes:N0}"), Report.Duration(world.Median), Report.Text($"{world.Bytes:N0}")];

    private sealed record Result(string What, string Variant, TimeSpan Median, long Bytes)
    {
        private const double NanosecondsPerTick = 100;

        public static Result Of(BenchmarkReport report) => new(
            report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
            report.BenchmarkCase.Descriptor.Categories.Single(),
            TimeSpan.FromTicks((long)((report.ResultStatistics ?? throw new InvalidOperationException($"{report.BenchmarkCase.DisplayInfo} failed.")).Median / NanosecondsPerTick)),
            report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0);
    }
}
