// SPDX-License-Identifier: Apache-2.0
namespace Envoy.Api.Extractor;

/// <summary>
/// What of a binary's descriptors is Envoy's public API: its own files and those of the projects they import. The rest
/// (source/, src/proto/grpc/, tcmalloc/, zipkin.proto …) belongs to Envoy's inside and to libraries linked into it.
/// </summary>
internal static class ApiFolders
{
    private static readonly string[] Folders =
        ["cel/", "envoy/", "google/", "io/prometheus/", "opentelemetry/", "udpa/", "validate/", "xds/"];

    public static bool Contain(string name) => Folders.Any(folder => name.StartsWith(folder, StringComparison.Ordinal));
}
