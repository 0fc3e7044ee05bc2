// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using k8s;

namespace Mesh.Tests.Kubernetes;

/// <summary>An API server of a few empty kinds, each of which answers or is away. What is followed breaks when it goes away.</summary>
internal sealed class OutageServer : DelegatingHandler
{
    /// <summary>A streaming list of nothing.</summary>
    private static readonly byte[] Listed = Encoding.UTF8.GetBytes(
        """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"5","annotations":{"k8s.io/initial-events-end":"true"}}}}""" + "\n");

    private readonly Lock gate = new();
    private readonly HashSet<string> here = new(StringComparer.Ordinal);
    private readonly List<(string Path, PipeWriter Watch)> watches = [];

    public OutageServer() => Client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://api.test" }, this);

    public k8s.Kubernetes Client { get; }

    /// <summary>What it says where it is away; null: nothing.</summary>
    public HttpStatusCode? Answer { get; set; }

    /// <summary>When it wants to be asked again then; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; set; }

    public void Come(string path)
    {
        lock (gate)
        {
            here.Add(path);
        }
    }

    public void Go(string path)
    {
        List<PipeWriter> ended;
        lock (gate)
        {
            here.Remove(path);
            ended = [.. watches.Where(watch => watch.Path == path).Select(static watch => watch.Watch)];
            watches.RemoveAll(watch => watch.Path == path);
        }

        ended.ForEach(static watch => watch.Complete(new IOException("The server went away.")));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath.TrimStart('/'); // A request has one.
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Listed, cancellationToken);
        lock (gate)
        {
            if (!here.Contains(path))
            {
                return Answer is { } code ? Refusal(code, request) : throw new HttpRequestException("Nobody is there.");
            }

            watches.Add((path, pipe.Writer));
        }

        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(pipe.Reader.AsStream()), RequestMessage = request };
    }

    private HttpResponseMessage Refusal(HttpStatusCode code, HttpRequestMessage request)
    {
        var answer = new HttpResponseMessage(code) { Content = new StringContent("{}"), RequestMessage = request };
        answer.Headers.RetryAfter = RetryAfter is { } pause ? new RetryConditionHeaderValue(pause) : null;
        return answer;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Client.Dispose();
        }

        base.Dispose(disposing);
    }
}
