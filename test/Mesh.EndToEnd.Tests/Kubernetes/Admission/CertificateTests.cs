// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Models;
using Mesh.Crds.Access;
using Mesh.Operator.Admission;
using Mesh.Operator.Admission.Certificates;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;
using Mesh.Testing.Policies;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.EndToEnd.Tests.Kubernetes.Admission;

/// <summary>How admission's certificate lives in a real cluster. Each replica works under the operator's own role.</summary>
internal sealed class CertificateTests
{
    private const string ForeignCertificate = "admission";

    private TestApiServer? server;
    private k8s.Kubernetes? admin;

    private TestApiServer Server => server ?? throw new InvalidOperationException("not set up");

    private k8s.Kubernetes Admin => admin ?? throw new InvalidOperationException("not set up");

    [SetUp]
    public async Task StartAsync()
    {
        server = await TestApiServer.StartAsync();
        admin = Server.Client();
        await ClusterSetup.ApplyRolesAsync(Server);
    }

    [TearDown]
    public async Task StopAsync()
    {
        admin?.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    [Test]
    public async Task Two_replicas_that_start_at_once_come_to_one_certificate()
    {
        await Server.ApplyAsync(ClusterSetup.Webhook(port: 1));

        var replicas = await Task.WhenAll(ReplicaAsync(), ReplicaAsync());
        await Task.WhenAll(replicas.Select(replica => replica.Logs.LineAsync("Admission serves with the certificate")));
        var keys = AdmissionSecret.Read(await SecretAsync()) ?? throw new InvalidOperationException("The Secret holds no keys.");
        var configuration = await ConfigurationWithAsync(keys.Bundle);

        Assert.That(replicas.Select(replica => replica.Serving.Leaf?.SerialNumber), Is.All.EqualTo(keys.Leaf.SerialNumber));
        Assert.That(configuration.Webhooks.Select(webhook => webhook.ClientConfig.CaBundle), Is.All.EqualTo(keys.Bundle));
        foreach (var replica in replicas)
        {
            Assert.That(await HandshakeAsync(replica.Port, keys.Trusted), Is.EqualTo(keys.Leaf.SerialNumber));
            Assert.That(replica.Logs.Lines.Where(line => line.Contains("PRIVATE", StringComparison.Ordinal)), Is.Empty);
            await replica.DisposeAsync();
        }
    }

    [Test]
    public async Task Trust_that_is_taken_away_comes_back()
    {
        await Server.ApplyAsync(ClusterSetup.Webhook(port: 1));
        await using var replica = await ReplicaAsync();
        await replica.Logs.LineAsync("Admission serves with the certificate");
        var keys = AdmissionSecret.Read(await SecretAsync());

        await Server.KubectlAsync("delete", "validatingwebhookconfiguration", OperatorNames.WebhookConfiguration);
        await Server.ApplyAsync(ClusterSetup.Webhook(port: 1));

        var configuration = await ConfigurationWithAsync(keys?.Bundle ?? []);
        Assert.That(configuration.Webhooks, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Certificate_is_replaced_at_two_thirds_of_its_life_in_every_replica()
    {
        await Server.ApplyAsync(ClusterSetup.Webhook(port: 1));
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var first = await ReplicaAsync(time);
        await using var second = await ReplicaAsync(time);
        await Task.WhenAll(first.Logs.LineAsync("Admission serves with the certificate"), second.Logs.LineAsync("Admission serves with the certificate"));
        var former = first.Serving.Leaf?.SerialNumber ?? "";

        time.Advance(AdmissionKeys.LeafLife * 0.7);
        var renewed = Task.WhenAny(first.Logs.LineAsync("Made a new certificate for"), second.Logs.LineAsync("Made a new certificate for"));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (!renewed.IsCompleted)
        {
            // A replica that was at work just then rests from now on, and would not look before the longest rest is over.
            await timer.WaitForNextTickAsync();
            time.Advance(TimeSpan.FromHours(7));
        }

        await (await renewed);
        var keys = AdmissionSecret.Read(await SecretAsync()) ?? throw new InvalidOperationException("The Secret holds no keys.");
        await Task.WhenAll(first.Logs.LineAsync(keys.Leaf.SerialNumber), second.Logs.LineAsync(keys.Leaf.SerialNumber));

        Assert.That(keys.Leaf.SerialNumber, Is.Not.EqualTo(former));
        Assert.That(first.Serving.Leaf?.SerialNumber, Is.EqualTo(keys.Leaf.SerialNumber));
        Assert.That(second.Serving.Leaf?.SerialNumber, Is.EqualTo(keys.Leaf.SerialNumber));
    }

    /// <summary>The operator was away for half a year.</summary>
    [Test]
    public async Task Expired_certificate_is_replaced_at_the_start_under_the_same_authority()
    {
        var names = new AdmissionOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Namespace = OperatorNames.Namespace }.ServerNames;
        var old = AdmissionKeys.Make(names, [], TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(180));
        await Admin.CoreV1.CreateNamespacedSecretAsync(AdmissionSecret.Write(stored: null, OperatorNames.Namespace, old), OperatorNames.Namespace).WithTimeout();
        await Server.ApplyAsync(ClusterSetup.Webhook(port: 1));

        await using var replica = await ReplicaAsync();
        await replica.Logs.LineAsync("Admission serves with the certificate");

        Assert.That(await HandshakeAsync(replica.Port, old.Trusted), Is.Not.EqualTo(old.Leaf.SerialNumber));
    }

    [TestCase("")]
    [TestCase("garbage")]
    public async Task Trust_that_somebody_overwrites_is_written_again(string bundle)
    {
        await Server.ApplyAsync(ClusterSetup.Webhook(port: 1));
        await using var replica = await ReplicaAsync();
        await replica.Logs.LineAsync("Admission serves with the certificate");
        var keys = AdmissionSecret.Read(await SecretAsync()) ?? throw new InvalidOperationException("The Secret holds no keys.");
        await ConfigurationWithAsync(keys.Bundle);

        var patch = $$"""[{"op":"replace","path":"/webhooks/0/clientConfig/caBundle","value":"{{Convert.ToBase64String(Encoding.ASCII.GetBytes(bundle))}}"}]""";
        await Server.TryKubectlAsync("patch", "validatingwebhookconfiguration", OperatorNames.WebhookConfiguration, "--type=json", "-p", patch);

        var configuration = await ConfigurationWithAsync(keys.Bundle);
        Assert.That(configuration.Webhooks, Has.Count.EqualTo(2));
    }

    /// <summary>
    /// With the Secret all keys are lost, and what is served leads to an authority that is in nobody's hands any more. It goes on being trusted until the new
    /// certificate is served, so that no write fails for it.
    /// </summary>
    [TestCase("delete")]
    [TestCase("garbage")]
    public async Task Writes_go_on_while_the_secret_is_lost_and_made_anew(string loss)
    {
        await Server.DefineAsync(Definitions.Ours);
        await using var replica = await ReplicaAsync();
        await Server.ApplyAsync(ClusterSetup.Webhook(replica.Port));
        await replica.Logs.LineAsync("Told the API server whom to trust");
        using var runs = new DryRuns(Server);
        await runs.UntilJudgedAsync();
        var former = replica.Serving.Leaf?.SerialNumber ?? "";
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(_ => WriteAsync(runs, stop.Token)).ToArray();

        await Server.KubectlAsync(loss == "delete"
            ? ["delete", "secret", OperatorNames.AdmissionSecret, "-n", OperatorNames.Namespace]
            : ["patch", "secret", OperatorNames.AdmissionSecret, "-n", OperatorNames.Namespace, "--type=merge", "-p", """{"data":{"tls.key":"Z2FyYmFnZQ=="}}"""]);
        await replica.Logs.LineAsync("Admission serves with the certificate", occurrence: 2);

        await stop.CancelAsync();
        var written = await Task.WhenAll(writers).WithTimeout();
        Assert.That(written.SelectMany(one => one.Failures), Is.Empty);
        Assert.That(written.Select(static one => one.Count), Is.All.Positive);
        Assert.That(replica.Serving.Leaf?.SerialNumber, Is.Not.EqualTo(former));
    }

    [Test]
    public async Task With_cert_managers_annotation_its_secret_is_served_and_trust_is_left_alone()
    {
        await ApplyForeignAsync();
        await using var replica = await ReplicaAsync();

        await replica.Logs.LineAsync("Admission serves with the certificate");

        var secret = await SecretAsync();
        var configuration = await Admin.AdmissionregistrationV1.ReadValidatingWebhookConfigurationAsync(OperatorNames.WebhookConfiguration).WithTimeout();
        using var expected = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(secret.Data["tls.crt"]));
        Assert.That(replica.Serving.Leaf?.SerialNumber, Is.EqualTo(expected.SerialNumber));
        Assert.That(configuration.Webhooks.Select(webhook => webhook.ClientConfig.CaBundle), Is.All.Null);
        Assert.That(secret.Data.Keys, Does.Not.Contain("authority.key"));
    }

    /// <summary>What cert-manager would have made: a Certificate and its Secret.</summary>
    private async Task ApplyForeignAsync()
    {
        await CertManager.DefineAsync(Server);
        var keys = AdmissionKeys.Make(["mesh-operator-admission.mesh-system.svc"], [], TimeProvider.System.GetUtcNow());
        var secret = AdmissionSecret.Write(stored: null, OperatorNames.Namespace, keys);
        secret.Data.Remove("authority.crt");
        secret.Data.Remove("authority.key");
        await Admin.CoreV1.CreateNamespacedSecretAsync(secret, OperatorNames.Namespace).WithTimeout();
        await Server.ApplyAsync($$"""
            apiVersion: cert-manager.io/v1
            kind: Certificate
            metadata: {name: {{ForeignCertificate}}, namespace: {{OperatorNames.Namespace}}}
            spec: {secretName: {{OperatorNames.AdmissionSecret}}}
            """);
        var configuration = ClusterSetup.Webhook(port: 1).Replace(
            "metadata:\n",
            $"metadata:\n  annotations:\n    {OperatorNames.InjectCaFrom}: {OperatorNames.Namespace}/{ForeignCertificate}\n",
            StringComparison.Ordinal);
        await Server.ApplyAsync(configuration);
    }

    private async Task<AdmissionReplica> ReplicaAsync(TimeProvider? time = null) =>
        await AdmissionReplica.StartAsync(await ClusterSetup.ClientOfAsync(Server, OperatorNames.Operator), time);

    private Task<V1Secret> SecretAsync() => Admin.CoreV1.ReadNamespacedSecretAsync(OperatorNames.AdmissionSecret, OperatorNames.Namespace).WithTimeout();

    /// <summary>Waits for the configuration that trusts a bundle.</summary>
    private async Task<V1ValidatingWebhookConfiguration> ConfigurationWithAsync(byte[] bundle)
    {
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);
        await foreach (var (_, configuration) in Admin.AdmissionregistrationV1.WatchListValidatingWebhookConfigurationAsync(cancellationToken: limit.Token))
        {
            if (configuration.Webhooks.All(webhook => webhook.ClientConfig.CaBundle is { } trusted && trusted.AsSpan().SequenceEqual(bundle)))
            {
                return configuration;
            }
        }

        throw new TimeoutException("The watch ended before the trust was written.");
    }

    /// <summary>Writes until told to end, and tells what was refused.</summary>
    private static async Task<(int Count, IReadOnlyList<string> Failures)> WriteAsync(DryRuns runs, CancellationToken stop)
    {
        var failures = new List<string>();
        var count = 0;
        for (; !stop.IsCancellationRequested; count++)
        {
            if (await runs.RefusalAsync(PolicyCases.All[0].Document()) is { } words)
            {
                failures.Add(words);
            }
        }

        return (count, failures);
    }

    private static async Task<string> HandshakeAsync(int port, X509Certificate2Collection trusted)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync("127.0.0.1", port).WithTimeout();
        await using var stream = new SslStream(socket.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(trusted);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = $"{OperatorNames.AdmissionService}.{OperatorNames.Namespace}.svc",
            CertificateChainPolicy = policy,
        }).WithTimeout();
        return stream.RemoteCertificate is X509Certificate2 certificate ? certificate.SerialNumber : "none";
    }
}
