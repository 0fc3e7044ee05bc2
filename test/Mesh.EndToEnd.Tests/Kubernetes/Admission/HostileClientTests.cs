// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Mesh.Crds.Access;
using Mesh.Operator.Admission;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;
using Mesh.Testing.Policies;

namespace Mesh.EndToEnd.Tests.Kubernetes.Admission;

/// <summary>Anybody who reaches the port of admission may send anything: it gets an answer or is cut off, and the API server's reviews go on.</summary>
internal sealed class HostileClientTests
{
    private const string Headers = "POST /admission HTTP/1.1\r\nHost: admission\r\nContent-Type: application/json\r\n";

    private TestApiServer? server;
    private AdmissionReplica? replica;
    private HttpClient? client;

    private AdmissionReplica Replica => replica ?? throw new InvalidOperationException("not set up");

    private Uri Address => new($"https://127.0.0.1:{Replica.Port}{OperatorNames.AdmissionPath}");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = await TestApiServer.StartAsync();
        await ClusterSetup.ApplyRolesAsync(server);
        replica = await AdmissionReplica.StartAsync(await ClusterSetup.ClientOfAsync(server, OperatorNames.Operator));
        await Replica.Logs.LineAsync("Admission serves with the certificate");
        client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 32, SslOptions = { RemoteCertificateValidationCallback = IsAnybody } });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        client?.Dispose();
        if (replica is not null)
        {
            await replica.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    [TearDown]
    public async Task Reviews_go_on_and_nothing_broke()
    {
        // What was refused leaves the budget a moment after its answer.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);
        while (!(await ReviewAsync(Document("1s"))).Contains("\"allowed\":true", StringComparison.Ordinal))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }

        Assert.That(Replica.Logs.Lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("{\"a\":")]
    [TestCase("null")]
    [TestCase("\u0000")]
    [TestCase("{\"apiVersion\":\"admission.k8s.io/v1\",\"apiVersion\":\"admission.k8s.io/v1\"}")]
    [TestCase("{\"\\ud800\":\"\\udc00\"}")]
    public async Task What_is_no_review_is_refused(string body)
    {
        Assert.That(await StatusAsync(new StringContent(body, Encoding.UTF8, "application/json")), Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Nesting_without_end_is_refused()
    {
        var body = new StringBuilder("{\"a\":".Length * 100_000).Insert(0, "{\"a\":", 100_000).ToString();

        Assert.That(await StatusAsync(new StringContent(body, Encoding.UTF8, "application/json")), Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [TestCase("text/plain")]
    [TestCase("application/yaml")]
    [TestCase("multipart/form-data")]
    public async Task Other_types_are_not_read(string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Review(Document("1s"))));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);

        Assert.That(await StatusAsync(content), Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    [TestCase("gzip")]
    [TestCase("utf-16")]
    public async Task Other_codings_are_refused(string coding)
    {
        var text = Review(Document("1s"));
        var content = new ByteArrayContent(coding == "gzip" ? [0x1f, 0x8b, 8, 0, 0, 0, 0, 0] : Encoding.Unicode.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        Assert.That(await StatusAsync(content), Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Object_of_megabytes_is_judged()
    {
        var large = Document("1s");
        large["metadata"]!["annotations"] = new JsonObject { ["a"] = new string('x', 3 << 20) };
        large["spec"]!["rules"] = new JsonArray([.. Enumerable.Range(0, 50_000).Select(i => new JsonObject { ["name"] = i })]);

        var judged = await ReviewAsync(large);

        Assert.That(judged, Does.Contain("spec.rules").And.Contain("\"allowed\":false").And.Length.LessThan(20_000));
    }

    [Test]
    public async Task Body_beyond_all_reason_is_refused_before_it_comes()
    {
        await using var connection = await ConnectAsync();
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"{Headers}Content-Length: {AdmissionEndpoint.LargestBody + 1}\r\n\r\n"));

        Assert.That(await ReadLineAsync(connection), Does.Contain(" 413 "));
    }

    [TestCase("\"2\"", "spec.retries.attempts")]
    [TestCase("1e400", "spec.retries.attempts")]
    [TestCase("2.5", "spec.retries.attempts")]
    [TestCase("99999999999999999999999", "spec.retries.attempts")]
    [TestCase("true", "spec.retries.attempts")]
    [TestCase("[[[[{}]]]]", "spec.retries.attempts")]
    public async Task Value_of_another_sort_is_refused_with_its_path(string value, string path)
    {
        var text = Review(Document("1s")).Replace("\"retries\":{}", $"\"retries\":{{\"attempts\":{value}}}", StringComparison.Ordinal);

        Assert.That(await PostAsync(text), Does.Contain("\"allowed\":false").And.Contain(path));
    }

    [Test]
    public async Task Names_of_any_script_come_back_as_they_were()
    {
        var strange = Document("1s");
        strange["spec"]!["targetRefs"]![0]!["name"] = "кошик-🛒-\u202e-\u0000-x";

        var answer = JsonNode.Parse(await ReviewAsync(strange))?["response"];

        Assert.That(answer?["allowed"]?.GetValue<bool>(), Is.True);
        Assert.That(answer?["warnings"]?[0]?.GetValue<string>(), Does.Contain("кошик-🛒-").And.Not.Contain("\0").And.Not.Contain("\u202e"));
    }

    [Test]
    public async Task Hundreds_of_reviews_at_once_are_all_answered()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => ReviewAsync(i % 2 == 0 ? Document("1s") : InvalidObjects.All[i % InvalidObjects.All.Count].Document)));

        Assert.That(answers, Is.All.Contain("\"allowed\":"));
    }

    [Test]
    public async Task Many_of_the_largest_are_bounded_together()
    {
        var body = Encoding.UTF8.GetBytes(Review(Document("1s")) + new string(' ', AdmissionEndpoint.LargestBody - 10_000));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            try
            {
                return await StatusAsync(Json(body));
            }
            catch (HttpRequestException)
            {
                // Cut off while it was still sending, after it had been refused.
                return HttpStatusCode.ServiceUnavailable;
            }
        }));

        Assert.That(statuses, Is.All.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.ServiceUnavailable).Or.EqualTo(HttpStatusCode.RequestTimeout));
    }

    [Test]
    public async Task Body_that_does_not_come_is_not_waited_for()
    {
        await using var connection = await ConnectAsync();
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"{Headers}Content-Length: 100\r\n\r\n{{"));

        Assert.That(await ReadLineAsync(connection), Does.Contain(" 408 "));
    }

    [Test]
    public async Task Clients_that_go_away_half_way_leave_nothing_behind()
    {
        // Ten at a time: a handshake has five seconds, and both its ends are of this process.
        foreach (var some in Enumerable.Range(0, 100).Chunk(10))
        {
            await Task.WhenAll(some.Select(async i =>
            {
                await using var connection = await ConnectAsync();
                await connection.WriteAsync(Encoding.ASCII.GetBytes($"{Headers}Content-Length: 100000\r\n\r\n{new string(' ', i * 100)}"));
            }));
        }

        Assert.That(Replica.Logs.Lines.Where(line => line.Contains("xception", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Connections_that_say_nothing_or_speak_no_tls_keep_nobody_out()
    {
        var silent = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, Replica.Port).WithTimeout();
            if (i % 2 == 0)
            {
                await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"));
            }

            return socket;
        }));

        var answer = await ReviewAsync(Document("1s"));

        foreach (var socket in silent)
        {
            socket.Dispose();
        }

        Assert.That(answer, Does.Contain("\"allowed\":true"));
    }

    private static bool IsAnybody(object sender, System.Security.Cryptography.X509Certificates.X509Certificate? certificate, System.Security.Cryptography.X509Certificates.X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null;

    private static JsonObject Document(string timeout) => (JsonObject)JsonNode.Parse(
        DryRuns.Policy("shop", $$"""{"targetRefs":[{"kind":"Service","name":"cart"}],"retries":{},"timeouts":{"request":"{{timeout}}"} }"""))!; // An object, as written here.

    private static string Review(JsonObject document) => new JsonObject
    {
        ["apiVersion"] = "admission.k8s.io/v1",
        ["kind"] = "AdmissionReview",
        ["request"] = new JsonObject
        {
            ["uid"] = "u",
            ["kind"] = new JsonObject { ["group"] = document["apiVersion"]!.GetValue<string>().Split('/')[0], ["version"] = "v1alpha1", ["kind"] = document["kind"]!.GetValue<string>() },
            ["operation"] = "CREATE",
            ["object"] = document.DeepClone(),
        },
    }.ToJsonString();

    private static ByteArrayContent Json(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private Task<string> ReviewAsync(JsonObject document) => PostAsync(Review(document));

    private async Task<string> PostAsync(string body)
    {
        using var answer = await client!.PostAsync(Address, new StringContent(body, Encoding.UTF8, "application/json")).WithTimeout(); // Set up.
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<HttpStatusCode> StatusAsync(HttpContent content)
    {
        using var answer = await client!.PostAsync(Address, content).WithTimeout(); // Set up.
        return answer.StatusCode;
    }

    private async Task<SslStream> ConnectAsync()
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Replica.Port).WithTimeout();
        var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "admission", RemoteCertificateValidationCallback = IsAnybody }).WithTimeout();
        return stream;
    }

    private static async Task<string> ReadLineAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadLineAsync().WithTimeout() ?? "";
    }
}
