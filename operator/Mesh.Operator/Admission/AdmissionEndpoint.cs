// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Mesh.Crds.Access;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Operator.Admission;

/// <summary>The HTTP side of admission: one path, bounded bodies, and an answer to whatever comes.</summary>
internal sealed class AdmissionEndpoint(AdmissionReviewer reviewer, TimeProvider time, ILogger<AdmissionEndpoint> log)
{
    /// <summary>Two objects of etcd's largest size (1.5 MiB), and as much again for what JSON makes of them.</summary>
    public const int LargestBody = 8 << 20;

    /// <summary>All API servers together have some hundreds of writes under way.</summary>
    public const int MostRequests = 1000;

    public const long MostBytes = 4 * LargestBody;

    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly RequestBudget budget = new(MostRequests, MostBytes);
    private readonly Lock gate = new();
    private long? told;

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (context.Request.Path != OperatorNames.AdmissionPath)
            {
                await RefuseAsync(context, StatusCodes.Status404NotFound, $"there is nothing here; admission is at {OperatorNames.AdmissionPath}");
            }
            else if (!HttpMethods.IsPost(context.Request.Method))
            {
                context.Response.Headers.Allow = HttpMethods.Post;
                await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "POST an AdmissionReview");
            }
            else if (!context.Request.HasJsonContentType())
            {
                await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "an AdmissionReview is posted as application/json");
            }
            else
            {
                await ReviewAsync(context);
            }
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested || e is IOException)
        {
            log.ClientGone(e.Message);
        }
    }

    private async Task ReviewAsync(HttpContext context)
    {
        if (!budget.TryEnter())
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"more than {MostRequests} reviews are under way");
            return;
        }

        using var body = new MemoryStream();
        try
        {
            if (await ReadAsync(context, body))
            {
                await AnswerAsync(context, body.GetBuffer().AsMemory(0, (int)body.Length));
            }
        }
        finally
        {
            budget.Leave(body.Length);
        }
    }

    private async Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        if (AdmissionReviews.Read(body.Span, out var problem) is not { } request)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        var answer = AdmissionReviews.Write(request, await reviewer.ReviewAsync(request, context.RequestAborted));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    /// <summary>False when the request has been refused already.</summary>
    private async Task<bool> ReadAsync(HttpContext context, MemoryStream body)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LargestBody;
        }

        // A read that a token ends leaves Kestrel's reader in the middle of it, and the connection with it.
        var reader = context.Request.BodyReader;
        using var limit = new CancellationTokenSource(LongestRead, time);
        await using var end = limit.Token.Register(reader.CancelPendingRead);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(context.RequestAborted);
                (int, string)? refusal = read.IsCanceled
                    ? (StatusCodes.Status408RequestTimeout, $"the body did not come within {LongestRead.TotalSeconds} s")
                    : Append(body, read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                if (refusal is var (status, problem))
                {
                    await RefuseAsync(context, status, problem);
                    return false;
                }

                if (read.IsCompleted)
                {
                    return true;
                }
            }
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, e.StatusCode, e.Message);
            return false;
        }
    }

    /// <summary>What is wrong with taking more; null when it was taken.</summary>
    private (int Status, string Problem)? Append(MemoryStream body, ReadOnlySequence<byte> more)
    {
        if (body.Length + more.Length > LargestBody)
        {
            return (StatusCodes.Status413PayloadTooLarge, $"a review of more than {LargestBody} bytes is not read");
        }

        if (!budget.TryTake((int)more.Length))
        {
            return (StatusCodes.Status503ServiceUnavailable, $"the reviews under way have more than {MostBytes} bytes together");
        }

        foreach (var part in more)
        {
            body.Write(part.Span);
        }

        return null;
    }

    private async Task RefuseAsync(HttpContext context, int status, string problem)
    {
        if (IsTold())
        {
            log.RequestRefused(problem, Quiet.TotalSeconds);
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(problem + "\n", context.RequestAborted);
    }

    /// <summary>Who may post anything may as well fill the log.</summary>
    private bool IsTold()
    {
        lock (gate)
        {
            if (told is { } last && time.GetElapsedTime(last) < Quiet)
            {
                return false;
            }

            told = time.GetTimestamp();
            return true;
        }
    }
}
