// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Crds.V1Alpha1;

/// <summary>The label on a Namespace or a Pod by which pods take part in the mesh as clients; a pod's own goes before its namespace's.</summary>
public static class EnrolmentLabel
{
    public const string Key = ApiGroup.Name + "/enrolment";

    public const string Enabled = "enabled";

    public const string Disabled = "disabled";
}
