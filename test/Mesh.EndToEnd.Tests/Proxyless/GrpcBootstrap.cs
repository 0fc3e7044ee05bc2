// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>The file by which a gRPC client knows its control plane: what <c>GRPC_XDS_BOOTSTRAP</c> names.</summary>
internal static class GrpcBootstrap
{
    public static Task WriteAsync(string file, string server, string clientNamespace) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
    {
        xds_servers = new[]
        {
            new { server_uri = server, channel_creds = new[] { new { type = "insecure" } }, server_features = new[] { "xds_v3" } },
        },

        // grpc-js wants a locality, grpc-go does not.
        node = new { id = "client-1", locality = new { zone = "zone-1" }, metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["namespace"] = clientNamespace } },
    }));
}
