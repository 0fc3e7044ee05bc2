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
        var tests = Environment.GetEnvironmentVariable("GATEWAY_API_MESH_TESTS") ?? Repository.File("..", "shared", "gateway-api", "mesh-tests");
        var file = Path.GetFullPath(Path.Combine(tests, "..", "crds", "standard", $"gateway.networking.k8s.io_{plural}.yaml"));
        if (!File.Exists(file))
        {
            Assert.Ignore("Gateway API's CRDs are not here; they lie beside the folder that GATEWAY_API_MESH_TESTS names, in ../crds/standard");
        }

        return file;
    }
}
