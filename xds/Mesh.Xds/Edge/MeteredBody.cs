// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Grpc.Core;

namespace Mesh.Xds.Edge;

/// <summary>
/// A call's request body. A message that comes in more than one piece needs room of the common <see cref="RequestBudget"/> before the rest
/// of it is let in; until there is, its client's window stays closed. The room is given back when the next message is asked for, for then
/// the one before was handled.
/// </summary>
internal sealed class MeteredBody(PipeReader body, string client, RequestBudget budget, EdgeLimits limits, TimeProvider time) : PipeReader, IDisposable
{
    private ReadOnlySequence<byte> buffer;
    private IDisposable? room;
    private CancellationTokenSource? deadline;
    private long incomplete;
    private bool isHeldBack;
    private bool isTaken;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (isTaken)
        {
            GiveBack();
        }

        var result = isHeldBack ? await ReserveAndReadAsync(cancellationToken)
            : deadline is null ? await body.ReadAsync(cancellationToken)
            : await ReadInTimeAsync(deadline, cancellationToken);
        Look(result);
        return result;
    }

    public override bool TryRead(out ReadResult result)
    {
        if (isTaken)
        {
            GiveBack();
        }

        if (isHeldBack || !body.TryRead(out result))
        {
            result = default;
            return false;
        }

        Look(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        isTaken = !buffer.IsEmpty && buffer.GetOffset(consumed) > buffer.GetOffset(buffer.Start);
        isHeldBack = !isTaken && incomplete > 0 && room is null;

        // What was looked at is what the client may send anew.
        body.AdvanceTo(consumed, isHeldBack ? consumed : examined);
    }

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => body.Complete(exception);

    public void Dispose() => GiveBack();

    private void Look(ReadResult result)
    {
        buffer = result.Buffer;
        incomplete = 0;
        if (GrpcFrame.Length(buffer) is not { } length)
        {
            return;
        }

        if (length - GrpcFrame.HeadLength > limits.RequestBytes)
        {
            throw Exhausted(string.Create(
                CultureInfo.InvariantCulture, $"The request has {length - GrpcFrame.HeadLength} bytes; at most {limits.RequestBytes} are served."));
        }

        if (buffer.Length < length && !result.IsCompleted)
        {
            incomplete = length;
        }
    }

    private async ValueTask<ReadResult> ReserveAndReadAsync(CancellationToken ct)
    {
        room = await budget.ReserveAsync(client, incomplete, ct);
        deadline = new CancellationTokenSource(limits.RequestTime, time);
        isHeldBack = false;
        var again = await ReadInTimeAsync(deadline, ct);
        if (again.Buffer.Length >= incomplete || again.IsCompleted || again.IsCanceled)
        {
            return again;
        }

        body.AdvanceTo(again.Buffer.Start, again.Buffer.End);
        return await ReadInTimeAsync(deadline, ct);
    }

    private async ValueTask<ReadResult> ReadInTimeAsync(CancellationTokenSource limit, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await body.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw Exhausted(string.Create(
                CultureInfo.InvariantCulture, $"A request of {incomplete} bytes was not complete {limits.RequestTime.TotalSeconds:0.###} s after it began."));
        }
    }

    private void GiveBack()
    {
        isTaken = false;
        deadline?.Dispose();
        deadline = null;
        room?.Dispose();
        room = null;
    }

    private static RpcException Exhausted(string why) => new(new Status(StatusCode.ResourceExhausted, why));
}
