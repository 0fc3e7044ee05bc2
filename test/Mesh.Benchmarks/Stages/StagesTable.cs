// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
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
    public const string OneSlice = "one EndpointSlice changes: model, snapshot, node";

    // Single runs of the large stages take seconds, and all of it is to end within two minutes.
    private static Job Brief => Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
        .WithWarmupCount(1)
        .WithIterationCount(5)
        .WithIterationTime(TimeInterval.FromMilliseconds(100));

    public static Task PrintAsync()
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob(Brief)
            .AddLogger(NullLogger.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(Repository.File("artifacts", "benchmarks"));
        var summary = BenchmarkRunner.Run<StageBenchmarks>(config);
        foreach (var error in summary.ValidationErrors)
        {
            Report.Say($"{error.Message}");
        }

        var results = summary.Reports.Select(Result.Of).ToList();
        Report.Table(
            "stages: services × 3 ports × 10 endpoints",
            ["stage", "1 000", "5 000", "ratio", "bytes, 1 000", "bytes, 5 000"],
            results.GroupBy(result => result.Stage, StringComparer.Ordinal).Select(group => Row(
                group.Key, group.Single(result => result.Services == Small), group.Single(result => result.Services == Large))));
        return Task.CompletedTask;
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
