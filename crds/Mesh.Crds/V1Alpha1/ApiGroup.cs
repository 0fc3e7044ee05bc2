// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Crds.V1Alpha1;

public static class ApiGroup
{
    public const string Name = "mesh.operator.dev";

    public const string Version = "v1alpha1";

    /// <summary>Our entry in the status of routes (<c>status.parents[].controllerName</c>).</summary>
    public const string ControllerName = "mesh.operator.dev/mesh-operator";
}
