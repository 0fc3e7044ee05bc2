// SPDX-License-Identifier: Apache-2.0
using System.Net;
using k8s;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Telemetry;
using Mesh.Testing;
using Mesh.Xds.Acks;
using Microsoft.Extensions.Logging;

namespace Mesh.Tests.Kubernetes;

public sealed class ApiAnswersTests
{
    [Test]
    public async Task Refused_credentials_are_told_once_until_they_are_taken_again()
    {
        using var scene = new Scene();

        await scene.AskAsync(
            HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.ServiceUnavailable,
            HttpStatusCode.TooManyRequests, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.OK);

        Assert.That(scene.Lines, Is.EqualTo(
        [
            "Warning The API server https://api refuses the operator's credentials (401 Unauthorized): do this. What is known keeps serving; "
            + "until then no change is seen and no status is written",
            "Information The API server https://api takes the operator's credentials again",
        ]));
    }

    [Test]
    public async Task Answer_to_a_request_from_before_a_refusal_is_no_news()
    {
        using var scene = new Scene();
        var slow = scene.Begin();
        await scene.AskAsync(HttpStatusCode.Unauthorized);

        slow.Answer.SetResult(HttpStatusCode.OK);
        await slow.Done.WithTimeout();

        Assert.That(scene.Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Answers_are_counted_by_status_and_the_lack_of_one_as_well()
    {
        using var scene = new Scene();
        await scene.AskAsync(HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized);
        var broken = scene.Begin();
        broken.Answer.SetException(new HttpRequestException("refused"));

        Assert.That(async () => await broken.Done.WithTimeout(), Throws.InstanceOf<HttpRequestException>());

        var metrics = await scene.MetricsAsync();
        Assert.That(metrics, Does.Contain("mesh_api_answers_total{code=\"200\"} 2").And.Contain("{code=\"401\"} 1").And.Contain("{code=\"0\"} 1"));
    }

    private sealed class Scene : IDisposable
    {
        private readonly MeshMetrics metrics = new(new AckLedger());
        private readonly RecordedLogs logs = new();
        private readonly ILoggerFactory loggers;
        private readonly Server server = new();
        private readonly HttpClient client;

        public Scene()
        {
            loggers = LoggerFactory.Create(logging => logging.AddProvider(logs));
            var access = new ClusterAccess { Configuration = new KubernetesClientConfiguration { Host = "https://api" }, Advice = "do this" };
            client = new HttpClient(new ApiAnswers(metrics, access, loggers.CreateLogger<ApiAnswers>()) { InnerHandler = server });
        }

        public IReadOnlyList<string> Lines => logs.Lines;

        public async Task AskAsync(params HttpStatusCode[] answers)
        {
            foreach (var answer in answers)
            {
                var request = Begin();
                request.Answer.SetResult(answer);
                await request.Done.WithTimeout();
            }
        }

        public (TaskCompletionSource<HttpStatusCode> Answer, Task Done) Begin()
        {
            var answer = new TaskCompletionSource<HttpStatusCode>(TaskCreationOptions.RunContinuationsAsynchronously);
            server.Next = answer.Task;
            return (answer, client.GetAsync(new Uri("https://api/")));
        }

        public async Task<string> MetricsAsync()
        {
            using var text = new MemoryStream();
            await metrics.Registry.CollectAndExportAsTextAsync(text, CancellationToken.None);
            return System.Text.Encoding.UTF8.GetString(text.ToArray());
        }

        public void Dispose()
        {
            client.Dispose();
            loggers.Dispose();
        }
    }

    private sealed class Server : HttpMessageHandler
    {
        public Task<HttpStatusCode> Next { get; set; } = Task.FromResult(HttpStatusCode.OK);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var next = Next;
            return new HttpResponseMessage(await next);
        }
    }
}
