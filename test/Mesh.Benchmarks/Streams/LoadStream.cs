// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Benchmarks.Streams.Wire;

namespace Mesh.Benchmarks.Streams;

/// <summary>One node as the server sees it: subscribes to its share at once, acknowledges every response, and keeps nothing.</summary>
internal sealed class LoadStream : IMessageSink, IDisposable
{
    private readonly StreamFleet fleet;
    private readonly WireStream wire;
    private readonly Share share;
    private readonly int number;
    private readonly bool isNoting;
    private SeenResources? seen;

    /// <param name="fleet">Told of what comes.</param>
    /// <param name="number">Its number in the fleet.</param>
    /// <param name="plan">What it asks for and how it reads.</param>
    public LoadStream(StreamFleet fleet, int number, StreamPlan plan)
    {
        this.fleet = fleet;
        this.number = number;
        (share, isNoting) = (plan.Share, plan.IsNoting);
        seen = plan.IsResumed ? null : new SeenResources(fleet.Services);
        wire = new WireStream(new WireOptions(fleet.Server, fleet.Variant.Path, plan.Reading), this);
        ReadOnlyMemory<byte> node = fleet.Variant.Node(string.Create(CultureInfo.InvariantCulture, $"load-{number}"));
        foreach (var request in share.FirstRequests)
        {
            wire.Send(node, request);
            node = ReadOnlyMemory<byte>.Empty;
        }
    }

    public long BytesReceived => wire.BytesReceived;

    public bool HasSentAll => wire.UnsentBytes == 0;

    public long Messages { get; private set; }

    public Task ConnectAsync(CancellationToken ct) => wire.ConnectAsync(ct);

    public Task RunAsync(CancellationToken ct) => wire.RunAsync(ct);

    public void Message(ReadOnlySpan<byte> message)
    {
        Messages++;
        var response = Response.Read(message);
        if (isNoting)
        {
            share.Note(response);
        }

        if (seen is not null)
        {
            response.Mark(seen);
            if (seen.Count >= share.Resources)
            {
                seen = null;
                fleet.Synced();
            }
        }

        fleet.Came(number, response);
        wire.Send(share.Standing(response.Type), fleet.Variant.Acknowledge(response));
    }

    public void Dispose() => wire.Dispose();
}

/// <param name="Share">What it asks for.</param>
/// <param name="Reading">How it reads.</param>
/// <param name="IsNoting">Whether it notes versions down in the share.</param>
/// <param name="IsResumed">Whether it has all already and waits for nothing.</param>
internal sealed record StreamPlan(Share Share, Reading Reading, bool IsNoting, bool IsResumed);
