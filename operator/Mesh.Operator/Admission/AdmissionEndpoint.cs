// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Access;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Operator.Admission;

/// <summary>The HTTP side of admission: one path, bounded bodies, and an answer to whatever comes.</summary>
internal sealed class AdmissionEndpoint(AdmissionReviewer reviewer, TimeProvider time, ILogger<AdmissionEndpoint> log)
{
    /// <summary>Two objects of etcd's largest size (1.5 MiB), and as much again for what JSON makes of them.</summary>
    public const int LargestBody = 8 << 20;

    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(5);

    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path != OperatorNames.AdmissionPath)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"there is nothing here; admission is at {OperatorNames.AdmissionPath}");
        }
        else if (!HttpMethods.IsPost(context.Request.Method))
        {
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "POST an AdmissionReview");
        }
        else if (await ReadAsync(context) is { } body)
        {
            await AnswerAsync(context, body);
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

    /// <summary>Null when the request has been refused already.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LargestBody;
        }

        using var limit = new CancellationTokenSource(LongestRead, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        using var body = new MemoryStream();
        try
        {
            var buffer = new byte[16 << 10];
            for (var read = 1; read > 0; body.Write(buffer, 0, read))
            {
                read = await context.Request.Body.ReadAsync(buffer, either.Token);
                if (body.Length + read > LargestBody)
                {
                    await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"a review of more than {LargestBody} bytes is not read");
                    return null;
                }
            }

            return body.GetBuffer().AsMemory(0, (int)body.Length);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, e.StatusCode, e.Message);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await RefuseAsync(context, StatusCodes.Status408RequestTimeout, $"the body did not come within {LongestRead.TotalSeconds} s");
        }

        return null;
    }

    private async Task RefuseAsync(HttpContext context, int status, string problem)
    {
        log.RequestRefused(problem);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(problem + "\n", context.RequestAborted);
    }
}
