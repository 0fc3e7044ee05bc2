// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.RegularExpressions;
using k8s;
using Mesh.Crds.Access;
using Mesh.Crds.Kinds;
using Mesh.Crds.Schema;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>Puts our generated manifests into a test API server.</summary>
internal static partial class ClusterSetup
{
    /// <summary>Ours, and Gateway API's as far as the mesh reads them, made of the same types.</summary>
    public static async Task ApplyDefinitionsAsync(TestApiServer server)
    {
        var ours = Generator.Generate().Where(file => file.Key.StartsWith("crds/manifests/", StringComparison.Ordinal)).Select(file => file.Value);
        var routes = KindCatalog.All.Where(kind => kind.Origin == KindOrigin.GatewayApi).Select(kind => Approved(CrdWriter.Write(kind.Schema)));
        await server.ApplyAsync(string.Join("---\n", ours.Concat(routes)));
        await server.DefinedAsync();
    }

    /// <summary>Accounts and roles, and a namespace for them.</summary>
    public static async Task ApplyRolesAsync(TestApiServer server)
    {
        await server.KubectlAsync("create", "namespace", OperatorNames.Namespace);
        await server.ApplyAsync(Generated("config/rbac/operator.yaml"));
        await server.ApplyAsync(Generated("config/rbac/node.yaml"));
    }

    /// <summary>The webhook of our manifest, by address in place of the Service; slow machines get more time than users have patience.</summary>
    public static string Webhook(int port) =>
        Seconds().Replace(WebhookByAddress.Of(Generated("config/admission/webhook.yaml"), new IPEndPoint(IPAddress.Loopback, port)), "timeoutSeconds: 30");

    public static string Generated(string path) => Generator.Generate()[path];

    /// <summary>A client that is the operator, with what its role allows and no more.</summary>
    public static async Task<k8s.Kubernetes> ClientOfAsync(TestApiServer server, string account)
    {
        var token = await server.KubectlAsync("create", "token", account, "--namespace", OperatorNames.Namespace, "--duration=1h");
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(server.Kubeconfig);
        configuration.AccessToken = token.Trim();
        return new k8s.Kubernetes(configuration);
    }

    /// <summary>Groups of Kubernetes' own are guarded by this annotation.</summary>
    private static string Approved(string definition) => definition.Replace(
        "\nmetadata:\n", "\nmetadata:\n  annotations:\n    api-approved.kubernetes.io: \"unapproved, for tests\"\n", StringComparison.Ordinal);

    [GeneratedRegex(@"timeoutSeconds: \d+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Seconds();
}
