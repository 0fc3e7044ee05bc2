// SPDX-License-Identifier: Apache-2.0
using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Mesh.Operator.Kubernetes;

/// <summary>The lease in the cluster. Whoever writes it must have read its newest version.</summary>
internal sealed class LeaseStore(IKubernetes client, string leaseNamespace, string name)
{
    public string Place => $"{leaseNamespace}/{name}";

    public async Task<V1Lease?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.CoordinationV1.ReadNamespacedLeaseAsync(name, leaseNamespace, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <returns>False when another replica was faster.</returns>
    public async Task<bool> WriteAsync(V1Lease? found, V1LeaseSpec spec, IDictionary<string, string> notes, CancellationToken cancellationToken)
    {
        try
        {
            if (found is null)
            {
                var lease = new V1Lease { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = leaseNamespace, Annotations = notes }, Spec = spec };
                await client.CoordinationV1.CreateNamespacedLeaseAsync(lease, leaseNamespace, cancellationToken: cancellationToken);
            }
            else
            {
                // It carries the version that was read.
                found.Spec = spec;
                found.Metadata.Annotations = notes;
                await client.CoordinationV1.ReplaceNamespacedLeaseAsync(found, name, leaseNamespace, cancellationToken: cancellationToken);
            }

            return true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }
}
