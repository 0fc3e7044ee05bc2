// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.NodeAgent;

/// <summary>An operator that serves by TLS and a node that asks it, as two processes in two folders with certificates of one root.</summary>
internal sealed class NodeScene : IDisposable
{
    private readonly OperatorFolder folder;
    private readonly DirectoryInfo node = Directory.CreateTempSubdirectory("mesh-node-");
    private readonly TestAuthority authority = new("mesh root");
    private readonly ReservedPort port = new();

    public NodeScene(LoadScene scene) => folder = OperatorFolder.Create(scene.Files);

    private string NodeLog => Path.Combine(node.FullName, "node.log");

    public ProgramProcess StartOperator()
    {
        using var certificate = authority.Issue("operator");
        var files = authority.Write(Path.GetDirectoryName(folder.Log)!, certificate);
        return ProgramProcess.Start(
            folder.Log, "run", "--dir", folder.Mesh, "--state", folder.State, "--proxy", "external", "--plain", "--listen", port.EndPoint.ToString(),
            "--tls-cert", files.Certificate, "--tls-key", files.Key, "--tls-client-ca", files.ClientCa!); // Written by the authority.
    }

    public ProgramProcess StartNode(string envoy)
    {
        var tls = node.CreateSubdirectory("tls").FullName;
        if (!File.Exists(Path.Combine(tls, "tls.crt")))
        {
            using var certificate = authority.Issue("node");
            authority.Write(tls, certificate);
        }

        return ProgramProcess.Start(
            NodeLog, "node", "--node", "n1", "--control-plane", port.EndPoint.ToString(), "--state", Path.Combine(node.FullName, "state"), "--envoy", envoy, "--drain", "1",
            "--tls-cert", Path.Combine(tls, "tls.crt"), "--tls-key", Path.Combine(tls, "tls.key"), "--tls-ca", Path.Combine(tls, "ca.crt"));
    }

    /// <summary>The status of the scene's policy, as soon as it is as wanted.</summary>
    public async Task<string> PolicyStatusAsync(Func<string, bool> wanted)
    {
        var file = Path.Combine(folder.State, "status", "TrafficPolicy", "load.target.yaml");
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (true)
        {
            if (File.Exists(file) && await File.ReadAllTextAsync(file, limit.Token) is var text && wanted(text))
            {
                return text;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    public Task ChangePolicyAsync(int version) => File.WriteAllTextAsync(Path.Combine(folder.Mesh, LoadScene.PolicyFile), LoadScene.Policy(version));

    /// <summary>What a node tells of its running Envoy.</summary>
    public static async Task<(int Pid, bool Adopted)> EnvoyOfAsync(ProgramProcess node)
    {
        using var report = JsonDocument.Parse(await node.AnswerAsync("/envoy", static text => text.Contains("\"state\":\"Running\"", StringComparison.Ordinal)));
        return (report.RootElement.GetProperty("pid").GetInt32(), report.RootElement.GetProperty("adopted").GetBoolean());
    }

    public void Dispose()
    {
        authority.Dispose();
        node.Delete(recursive: true);
        folder.Dispose();
        port.Dispose();
    }
}
