// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes.Admission;

/// <summary>cert-manager's Certificate, as far as the operator reads it.</summary>
internal static class CertManager
{
    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: certificates.cert-manager.io}
        spec:
          group: cert-manager.io
          names: {kind: Certificate, listKind: CertificateList, plural: certificates, singular: certificate}
          scope: Namespaced
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {secretName: {type: string}}}}}}
        """;

    public static async Task DefineAsync(TestApiServer server)
    {
        await server.ApplyAsync(Definition);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);
        while ((await server.TryKubectlAsync("get", "certificates.cert-manager.io", "-A")).ExitCode != 0)
        {
            // A CRD is served a moment after it is established, and nothing tells when.
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
