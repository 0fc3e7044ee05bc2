// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.NodeAgent.Processes;
using Mesh.Sample.Folder;

namespace Mesh.Sample.Kubernetes;

/// <summary>How a user gets at the running sample from another shell.</summary>
/// <param name="Assets">Folder with kubectl.</param>
/// <param name="Kubeconfig">Of the API server's admin.</param>
/// <param name="Http">Where the operator serves metrics and health.</param>
/// <param name="Log">The operator's log.</param>
/// <param name="Targets">Services to call.</param>
internal sealed record ShellHints(string Assets, string Kubeconfig, IPEndPoint Http, string Log, IReadOnlyList<CallTarget> Targets)
{
    public string Text()
    {
        var hasKubectl = new SearchPath(Environment.GetEnvironmentVariable("PATH")).First("kubectl") is not null;
        var call = Targets.FirstOrDefault(static target => !target.IsGrpc) is { } target ? $"\n  curl http://{target.Address}/" : "";
        return $"""

            It goes on until Ctrl-C. In another shell, in this folder:
              export KUBECONFIG={Kubeconfig}{(hasKubectl ? "" : $" PATH=$PATH:{Assets}")}
              kubectl get meshes,trafficpolicies,meshnodes -A -o wide{call}
              curl http://{Http}/metrics
            The operator's log: {Log}
            Policies and events as they change:
            """;
    }
}
