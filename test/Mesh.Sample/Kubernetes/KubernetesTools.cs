// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing.Kubernetes;

namespace Mesh.Sample.Kubernetes;

/// <summary>What the sample needs of Kubernetes.</summary>
/// <param name="Assets">Folder with kube-apiserver, etcd and kubectl.</param>
/// <param name="GatewayApi">Folder with Gateway API's CRDs.</param>
internal sealed record KubernetesTools(string Assets, string GatewayApi)
{
    /// <summary>By KUBEBUILDER_ASSETS and GATEWAY_API_CRDS, else in a folder "shared" beside the checkout; a <see cref="SampleException"/> that says how to get them.</summary>
    public static KubernetesTools Find(string root)
    {
        var beside = Path.Combine(root, "..", "shared");
        var assets = TestApiServerFiles.FindAssets(Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS"), Path.Combine(beside, "envtest", "bin"))
            ?? throw new SampleException(
                "There is no Kubernetes API server to start. Get one and run again:\n"
                + "  go run sigs.k8s.io/controller-runtime/tools/setup-envtest@latest use 1.36 --bin-dir .tools\n"
                + "  export KUBEBUILDER_ASSETS=<the folder that it prints>");
        string?[] folders = [Environment.GetEnvironmentVariable("GATEWAY_API_CRDS"), Path.Combine(beside, "gateway-api", "crds", "standard")];
        return folders.FirstOrDefault(Directory.Exists) is { } crds
            ? new KubernetesTools(assets, crds)
            : throw new SampleException(
                "Gateway API's CRDs are not here. Get them and run again:\n"
                + "  mkdir -p .tools/gateway-api && curl -fLo .tools/gateway-api/standard.yaml https://github.com/kubernetes-sigs/gateway-api/releases/latest/download/standard-install.yaml\n"
                + "  export GATEWAY_API_CRDS=$PWD/.tools/gateway-api");
    }
}
