// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Crds.Access;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes.Tokens;

/// <summary>A cluster with nodes and pods, and an operator in it whose clients prove by tokens who they are.</summary>
internal sealed class TokenCluster : IAsyncDisposable
{
    /// <summary>Pods of the mesh's node on n1: one, and its successor.</summary>
    public const string NodePod = "mesh-node-a";
    public const string NextNodePod = "mesh-node-b";

    private readonly DirectoryInfo folder;
    private readonly TestAuthority authority = new("mesh root");
    private readonly ReservedPort port = new();
    private readonly string kubeconfig;
    private readonly Mesh.Xds.Hosting.Tls.TlsFiles tls;

    private TokenCluster(TestApiServer server, DirectoryInfo folder, string kubeconfig)
    {
        Server = server;
        this.folder = folder;
        this.kubeconfig = kubeconfig;
        using var certificate = authority.Issue("operator");
        tls = authority.Write(folder.FullName, certificate);
    }

    public TestApiServer Server { get; }

    public Uri Xds => new($"https://{port.EndPoint}");

    public string Log => Path.Combine(folder.FullName, "operator.log");

    public static async Task<TokenCluster> StartAsync()
    {
        var server = await TestApiServer.StartAsync("--service-cluster-ip-range=127.105.3.0/24");
        await ClusterSetup.ApplyDefinitionsAsync(server);
        await ClusterSetup.ApplyRolesAsync(server);
        await server.ApplyAsync(
            $$"""
            {"apiVersion": "v1", "kind": "List", "items": [
              {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"} },
              {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"} },
              {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "front", "namespace": "shop"} },
              {{Pod("front", "shop", "front")}}, {{Pod(NodePod, OperatorNames.Namespace, OperatorNames.Node)}}, {{Pod(NextNodePod, OperatorNames.Namespace, OperatorNames.Node)}}
            ]}
            """);
        var root = Directory.CreateTempSubdirectory("mesh-tokens-");
        return new TokenCluster(server, root, await server.WriteAccountKubeconfigAsync(OperatorNames.Operator, OperatorNames.Namespace));
    }

    /// <summary>The operator, with the rights of its own account and no more.</summary>
    public ProgramProcess StartOperator() => ProgramProcess.Start(
        Log, "run", "--kubernetes", "--kubeconfig", kubeconfig, "--namespace", OperatorNames.Namespace, "--state", Path.Combine(folder.FullName, "operator"),
        "--proxy", "external", "--plain", "--listen", port.EndPoint.ToString(), "--tls-cert", tls.Certificate, "--tls-key", tls.Key, "--xds-auth", "token");

    /// <summary>The process of node n1.</summary>
    public ProgramProcess StartNode(string envoy, string token) => ProgramProcess.Start(
        Path.Combine(folder.FullName, "node.log"), "node", "--node", "n1", "--control-plane", port.EndPoint.ToString(), "--state", Path.Combine(folder.FullName, "node"),
        "--envoy", envoy, "--drain", "1", "--token", token, "--tls-ca", tls.ClientCa!); // Written by the authority.

    public DirectoryInfo Folder(string name) => folder.CreateSubdirectory(name);

    /// <summary>A token that the API server makes.</summary>
    /// <param name="space">Namespace of the account.</param>
    /// <param name="account">Name of the account.</param>
    /// <param name="pod">Which it is bound to; null for none.</param>
    /// <param name="audience">What it is made for.</param>
    public Task<string> TokenAsync(string space, string account, string? pod, string audience = "mesh-operator")
    {
        string[] bound = pod is null ? [] : ["--bound-object-kind", "Pod", "--bound-object-name", pod];
        return Server.KubectlAsync(["create", "token", account, "--namespace", space, "--audience", audience, .. bound]);
    }

    public Task<string> NodeTokenAsync(string pod = NodePod) => TokenAsync(OperatorNames.Namespace, OperatorNames.Node, pod);

    /// <summary>The same token with another time of expiry.</summary>
    /// <param name="token">Of the API server.</param>
    /// <param name="until">When it expires.</param>
    /// <param name="isSigned">By the API server's key; else by somebody's.</param>
    public string Remade(string token, DateTimeOffset until, bool isSigned) => PodToken.Remade(token, until, isSigned ? Server.SigningKey : null);

    public Task DeletePodAsync(string pod) => Server.KubectlAsync("delete", "pod", pod, "--namespace", OperatorNames.Namespace, "--grace-period=0", "--force");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        port.Dispose();
        authority.Dispose();
        folder.Delete(recursive: true);
    }

    private static string Pod(string name, string space, string account) =>
        $$"""
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "{{name}}", "namespace": "{{space}}" },
         "spec": {"serviceAccountName": "{{account}}", "nodeName": "n1", "containers": [{"name": "c", "image": "x"}]} }
        """;
}
