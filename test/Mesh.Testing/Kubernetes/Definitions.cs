// SPDX-License-Identifier: Apache-2.0
using NUnit.Framework;

namespace Mesh.Testing.Kubernetes;

/// <summary>The CRDs: ours, and Gateway API's where the environment has them.</summary>
public static class Definitions
{
    /// <summary>Folder of ours.</summary>
    public static string Ours => Repository.File("crds", "manifests");

    /// <summary>Gateway API's CRD of a kind, of the standard channel; ignores the test where it is not here.</summary>
    public static string GatewayApi(string plural)
    {
        var folder = Environment.GetEnvironmentVariable("GATEWAY_API_CRDS") ?? Repository.File("..", "shared", "gateway-api", "crds", "standard");
        var file = Path.GetFullPath(Path.Combine(folder, $"gateway.networking.k8s.io_{plural}.yaml"));
        if (!File.Exists(file))
        {
            Assert.Ignore("Gateway API's CRDs are not here; GATEWAY_API_CRDS names the folder of those of the standard channel");
        }

        return file;
    }
}
