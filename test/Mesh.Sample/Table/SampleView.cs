// SPDX-License-Identifier: Apache-2.0
using Mesh.Sample.Folder;
using Mesh.Sample.Traffic;

namespace Mesh.Sample.Table;

/// <summary>All that is shown at one moment.</summary>
internal sealed record SampleView
{
    public required IReadOnlyList<StatusLine> Statuses { get; init; }

    /// <summary>Routes and policies of the folder without a status yet.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    public required IReadOnlyList<TargetLine> Targets { get; init; }

    public static SampleView Read(SampleOptions options, SampleMesh mesh, IReadOnlyList<TrafficGenerator> traffic)
    {
        var statuses = StatusFolder.Read(options.State);
        var splits = WantedSplits.Read(options.Directory);
        return new SampleView
        {
            Statuses = statuses,
            Missing = [.. mesh.Expected.Except(statuses.Select(status => status.Name), StringComparer.Ordinal)],
            Targets =
            [
                .. traffic.Select(generator => new TargetLine
                {
                    Target = generator.Target,
                    Seen = generator.Window.Summarise(),
                    Wanted = generator.Target.IsGrpc ? null : splits.GetValueOrDefault(generator.Target.Service),
                }),
            ],
        };
    }

    /// <summary>What keeps the sample from being as it should; empty when nothing does.</summary>
    public IReadOnlyList<string> Shortcomings(int calls) =>
    [
        .. Missing.Select(name => $"{name} has no status yet"),
        .. Statuses.Where(status => !status.IsInForce).Select(status =>
            $"{status.Name}: Accepted={status.Accepted} Programmed={status.Programmed} proxies {status.Proxies} {string.Join("; ", status.Wrong)}"),
        .. Targets.Select(target => target.Shortcoming(calls)).OfType<string>(),
    ];
}
