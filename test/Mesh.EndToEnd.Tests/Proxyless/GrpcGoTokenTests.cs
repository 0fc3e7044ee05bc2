// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;
using Mesh.Xds.Peers;
using Mesh.Xds.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>A grpc-go client that shows its control plane a token out of a file, by gRPC's own means (gRFC A97).</summary>
internal sealed class GrpcGoTokenTests
{
    [Test]
    public async Task Client_is_served_in_the_namespace_of_its_token_and_in_no_other()
    {
        GrpcGo.Require();
        var folder = Directory.CreateTempSubdirectory("mesh-grpc-token-");
        var token = PodToken.Of(TimeProvider.System.GetUtcNow().AddHours(1));
        var judge = new FakeJudge();
        judge.Verdicts[token] = new PeerVerdict.Accepted(
            new PeerIdentity { Subject = "pod", Uris = [], Rights = new PeerRights { Node = null, NoNode = "", Namespace = "shop" } });
        using var logs = new RecordedLogs();
        using var authority = new TestAuthority("mesh root");
        using var certificate = authority.Issue("server");
        var files = authority.Write(folder.FullName, certificate) with { ClientCa = null };
        var mesh = new HandMadeSnapshots();
        mesh.Publish();
        await using var server = await XdsServer.StartAsync(
            mesh.Store, tls: files, customise: services => services.AddSingleton<ILoggerProvider>(logs).AddMeshTokens(_ => judge));
        var (own, other) = (await BootstrapAsync(folder, server.Address, token, "shop"), await BootstrapAsync(folder, server.Address, token, "pay"));

        await using (GrpcGo.Call(own, "cart.shop:8080"))
        {
            await server.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.IsProxyless));
        }

        await using (GrpcGo.Call(other, "cart.shop:8080"))
        {
            Assert.That(await logs.LineAsync("are refused (Denied)"), Does.Contain("node.metadata.namespace is \"pay\", and the token is one of namespace \"shop\""));
        }

        folder.Delete(recursive: true);
    }

    private static async Task<string> BootstrapAsync(DirectoryInfo folder, Uri server, string token, string clientNamespace)
    {
        var (file, tokenFile) = (Path.Combine(folder.FullName, $"{clientNamespace}.json"), Path.Combine(folder.FullName, "token"));
        await File.WriteAllTextAsync(tokenFile, token);
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            xds_servers = new[]
            {
                new
                {
                    server_uri = server.Authority,
                    channel_creds = new[] { new { type = "tls", config = new { ca_certificate_file = Path.Combine(folder.FullName, "ca.crt") } } },
                    call_creds = new[] { new { type = "jwt_token_file", config = new { jwt_token_file = tokenFile } } },
                    server_features = new[] { "xds_v3" },
                },
            },
            node = new { id = "client-1", metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["namespace"] = clientNamespace } },
        }));
        return file;
    }
}
