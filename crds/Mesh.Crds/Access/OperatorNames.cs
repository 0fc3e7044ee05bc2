// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Crds.Access;

/// <summary>What the operator's own objects in a cluster are called: manifests, roles and code must agree.</summary>
public static class OperatorNames
{
    /// <summary>ServiceAccount, roles, Lease, field manager.</summary>
    public const string Operator = "mesh-operator";

    /// <summary>ServiceAccount of the node's process.</summary>
    public const string Node = "mesh-node";

    public const string Namespace = "mesh-system";

    public const string WebhookConfiguration = "mesh-operator";

    public const string AdmissionService = "mesh-operator-admission";

    public const string AdmissionSecret = "mesh-operator-admission";

    public const string AdmissionPath = "/admission";

    /// <summary>Name of the container's port that admission is served at.</summary>
    public const string AdmissionPort = "admission";

    /// <summary>Set on the webhook configuration: cert-manager writes whom the API server trusts, and makes the certificate.</summary>
    public const string InjectCaFrom = "cert-manager.io/inject-ca-from";
}
