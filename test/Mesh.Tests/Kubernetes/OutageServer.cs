// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using k8s;
using Mesh.Operator.Pipeline;

namespace Mesh.Tests.Kubernetes;

/// <summary>An API server of a few empty kinds, each of which answers or is away. What is followed breaks when it goes away.</summary>
internal sealed class OutageServer : DelegatingHandler
{
    private readonly Lock gate = new();
    private readonly HashSet<string> here = new(StringComparer.Ordinal);
    private readonly List<(string Path, PipeWriter Watch)> watches = [];

    public OutageServer() => Client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://api.test" }, this);

    public k8s.Kubernetes Client { get; }

    /// <summary>Requests for a kind, answered or not.</summary>
    public Newest<int> Requests { get; } = new(0);

    /// <summary>What it says where it is away; null: nothing.</summary>
    public HttpStatusCode? Answer { get; set; }

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

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath.TrimStart('/'); // A request has one.
        lock (gate)
        {
            Requests.Publish(Requests.Value + 1);
            if (!here.Contains(path))
            {
                return Answer is { } code
                    ? Task.FromResult(new HttpResponseMessage(code) { Content = new StringContent("{}"), RequestMessage = request })
                    : throw new HttpRequestException("Nobody is there.");
            }

            var pipe = new Pipe();
            pipe.Writer.Write(Encoding.UTF8.GetBytes(
                """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"5","annotations":{"k8s.io/initial-events-end":"true"}}}}""" + "\n"));
            _ = pipe.Writer.FlushAsync(CancellationToken.None);
            watches.Add((path, pipe.Writer));
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(pipe.Reader.AsStream()), RequestMessage = request });
        }
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
