// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Operator.Replicas;
using Mesh.Testing;
using Mesh.Tests.Status;

namespace Mesh.Tests.Replicas;

/// <summary>Reports over real connections: who is believed, and how it ends.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReplicaLinkTests : IDisposable
{
    private const string OperatorName = "spiffe://mesh.test/operator";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mesh-link-");
    private readonly TestAuthority authority = new("mesh root");

    public void Dispose()
    {
        authority.Dispose();
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task Leader_knows_what_changes_at_the_other_replica_until_that_is_gone()
    {
        await using var leader = await ReplicaHost.StartAsync("a");
        await leader.LeadAsync();
        var other = await ReplicaHost.StartAsync("b");
        other.HaveProxies("n1");
        other.Follow("a", leader.Address);
        await leader.CountsAsync(1);

        other.HaveProxies("n1", "n2", "n3");
        await leader.CountsAsync(3);
        var stages = leader.Board.Look([]).Others.Single().Objects.Values.Single().Stages;
        await other.DisposeAsync();
        await leader.CountsAsync(0);

        Assert.That(stages, Is.EqualTo("AAA"));
        Assert.That(leader.Board.Look([]).Underway, Has.Length.EqualTo(3));
    }

    [Test]
    public async Task Replica_that_no_longer_leads_is_told_nothing_more_and_the_next_one_everything()
    {
        await using var first = await ReplicaHost.StartAsync("a");
        await using var second = await ReplicaHost.StartAsync("c");
        await first.LeadAsync();
        await using var other = await ReplicaHost.StartAsync("b");
        other.HaveProxies("n1");
        other.Follow("a", first.Address);
        await first.CountsAsync(1);

        first.Resign();
        await first.Logs.LineAsync("Replica b does not tell of its proxies any more");
        await second.LeadAsync();
        other.Follow("c", second.Address);
        await second.CountsAsync(1);
    }

    [Test]
    public async Task Replicas_with_one_name_in_their_certificates_believe_each_other()
    {
        using var certificate = authority.Issue("operator", OperatorName);
        var files = authority.Write(folder.FullName, certificate);
        await using var leader = await ReplicaHost.StartAsync("a", files);
        await leader.LeadAsync();
        await using var other = await ReplicaHost.StartAsync("b", files);
        other.HaveProxies("n1");
        other.Follow("a", leader.Address);

        await leader.CountsAsync(1);
    }

    [Test]
    public async Task Replicas_of_one_certificate_believe_each_other_where_clients_need_none()
    {
        // As in a deployment whose nodes show tokens: the certificate is one for servers only, and there are no roots for clients.
        using var certificate = authority.IssueForServersOnly("operator");
        var files = authority.Write(folder.FullName, certificate) with { ClientCa = null };
        await using var leader = await ReplicaHost.StartAsync("a", files);
        await leader.LeadAsync();
        await using var other = await ReplicaHost.StartAsync("b", files);
        other.HaveProxies("n1");
        other.Follow("a", leader.Address);

        await leader.CountsAsync(1);
    }

    [Test]
    public async Task Client_without_a_certificate_may_not_report_where_there_is_tls()
    {
        using var certificate = authority.IssueForServersOnly("operator");
        await using var leader = await ReplicaHost.StartAsync("a", authority.Write(folder.FullName, certificate) with { ClientCa = null });
        await leader.LeadAsync();

        var refused = await ReportAsync(leader.Address, certificate: null);

        Assert.That((refused.StatusCode, refused.Status.Detail), Is.EqualTo(
            (StatusCode.PermissionDenied, "Statuses are reported by replicas of the operator, with their certificate; there is none.")));
        Assert.That(leader.Board.Look([]).Count(StatusScene.Policy), Is.EqualTo(0));
    }

    [Test]
    public async Task Node_with_a_certificate_of_the_same_root_may_not_report()
    {
        using var certificate = authority.Issue("operator", OperatorName);
        using var ofNode = authority.Issue("node", "spiffe://mesh.test/node/n1");
        var files = authority.Write(folder.CreateSubdirectory("a").FullName, certificate);
        await using var leader = await ReplicaHost.StartAsync("a", files);
        await leader.LeadAsync();

        var refused = await ReportAsync(leader.Address, ofNode);

        Assert.That(refused.StatusCode, Is.EqualTo(StatusCode.PermissionDenied));
        Assert.That(refused.Status.Detail, Does.Contain("the certificate CN=node has none of the DNS and URI names"));
        Assert.That(leader.Board.Look([]).Count(StatusScene.Policy), Is.EqualTo(0));
    }

    [Test]
    public async Task Leader_with_the_certificate_of_a_node_is_told_nothing()
    {
        using var certificate = authority.Issue("operator", OperatorName);
        using var ofNode = authority.Issue("node", "spiffe://mesh.test/node/n1");
        await using var impostor = await ReplicaHost.StartAsync("a", authority.Write(folder.CreateSubdirectory("a").FullName, ofNode));
        await impostor.LeadAsync();
        await using var other = await ReplicaHost.StartAsync("b", authority.Write(folder.CreateSubdirectory("b").FullName, certificate));
        other.HaveProxies("n1");
        other.Follow("a", impostor.Address);

        var line = await other.Logs.LineAsync("cannot be told of");

        Assert.That(line, Does.Contain("to the leader, a: "));
        Assert.That(impostor.Board.Look([]).Count(StatusScene.Policy), Is.EqualTo(0));
    }

    [Test]
    public async Task Leader_without_an_address_is_not_told_and_that_is_said()
    {
        await using var other = await ReplicaHost.StartAsync("b");
        other.HaveProxies("n1", "n2");
        other.Follow("a", address: null);

        await other.Logs.LineAsync("the lease does not say where it is");

        Assert.That(other.Lease.Note(found: null)!.Values.Single(), Does.StartWith("{\"replica\":\"b\",\"proxies\":2,"));
    }

    /// <summary>How a report of somebody else fails.</summary>
    private static async Task<RpcException> ReportAsync(string leader, X509Certificate2? certificate)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, presented, _, _) => presented is not null;
        handler.SslOptions.ClientCertificates = certificate is null ? null : [certificate];
        using var channel = GrpcChannel.ForAddress($"https://{leader}", new GrpcChannelOptions { HttpHandler = handler });
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(ReplicaMethod.Report, host: null, default);
        try
        {
            await call.RequestStream.WriteAsync(FleetScene.Whole("b", ("n1", 1))).WithTimeout();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The refusal may be faster; it is what the answers tell.
        }

        try
        {
            await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout();
            throw new InvalidOperationException("The report was taken.");
        }
        catch (RpcException e)
        {
            return e;
        }
    }
}
