// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Crds.V1Alpha1;

public static class ApiGroup
{
    public const string Name = "mesh.operator.dev";

    public const string Version = "v1alpha1";

    /// <summary>What <c>kubectl get</c> lists all our kinds by. Not "mesh": that would hide the kind of this name.</summary>
    public const string Category = "mesh-operator";

    /// <summary>Our entry in the status of routes (<c>status.parents[].controllerName</c>).</summary>
    public const string ControllerName = "mesh.operator.dev/mesh-operator";
}
