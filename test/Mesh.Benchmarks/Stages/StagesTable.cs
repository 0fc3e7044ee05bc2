// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Mesh.Testing;

namespace Mesh.Benchmarks.Stages;

/// <summary>Runs BenchmarkDotNet in this process: a project of its own per benchmark would be compiled for minutes.</summary>
internal static class StagesTable
{
    public const int Small = 1000;
    public const int Large = 5000;
    public const string FromNothing = "from nothing";
    public const string OneChange = "one change";

    // Forced collections of a heap of this size, between any two iterations, would take most of the time.
    private static Job InThisProcess => Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithGcForce(false);

    // Each run takes seconds.
    private static Job FewRuns => InThisProcess.WithStrategy(RunStrategy.Monitoring).WithWarmupCount(0).WithIterationCount(2);

    private static Job ManyRuns => InThisProcess.WithWarmupCount(5).WithIterationCount(10).WithIterationTime(TimeInterval.FromMilliseconds(100));

    public static Task PrintAsync()
    {
        Print("stages, one change: services × 3 ports × 10 endpoints", Run(ManyRuns, OneChange));
        Print("stages, all from nothing: services × 3 ports × 10 endpoints", Run(FewRuns, FromNothing));
        return Task.CompletedTask;
    }

    private static void Print(string title, IEnumerable<Result> results) => Report.Table(
        title,
        ["stage", "1 000", "5 000", "ratio", "bytes, 1 000", "bytes, 5 000"],
        results.GroupBy(result => result.Stage, StringComparer.Ordinal).Select(group => Row(
            group.Key, group.Single(result => result.Services == Small), group.Single(result => result.Services == Large))));

    private static IEnumerable<Result> Run(Job job, string category)
    {
        var summary = BenchmarkRunner.Run<StageBenchmarks>(ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddFilter(new AnyCategoriesFilter([category]))
            .AddLogger(NullLogger.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(Repository.File("artifacts", "benchmarks")));
        return summary.ValidationErrors.Any(error => error.IsCritical)
            ? throw new InvalidOperationException(string.Join("; ", summary.ValidationErrors.Select(error => error.Message)))
            : summary.Reports.Select(Result.Of);
    }

    private static string[] Row(string stage, Result small, Result large) =>
    [
        stage, Report.Duration(small.Median), Report.Duration(large.Median), Report.Text($"{large.Median / small.Median:0.0}"),
        Report.Text($"{small.Bytes:N0}"), Report.Text($"{large.Bytes:N0}"),
    ];

    private sealed record Result(string Stage, int Services, TimeSpan Median, long Bytes)
    {
        private const double NanosecondsPerTick = 100;

        public static Result Of(BenchmarkReport report) => new(
            report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
            (int)report.BenchmarkCase.Parameters[nameof(StageBenchmarks.Services)],
            TimeSpan.FromTicks((long)(report.ResultStatistics?.Median / NanosecondsPerTick ?? 0)),
            report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0);
    }
}
