// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using KubeOps.Abstractions.Entities;
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.V1Alpha1;

/// <summary>The kind <c>MeshNode</c>; the C# name differs because the model has a MeshNode of its own.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = "v1alpha1", Kind = "MeshNode", PluralName = "meshnodes")]
[EntityScope(EntityScope.Cluster)]
[KubernetesEntityShortNames("mnode")]
[Categories(ApiGroup.Category)]
[Description("What the proxy of a node has: one for each node whose proxy is or was connected, named as the node. The operator writes it and "
    + "nobody else; a day after its proxy was last seen it is deleted.")]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Connected\")].status", "Connected", "string")]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Connected\")].lastTransitionTime", "Since", "date")]
[GenericAdditionalPrinterColumn(".status.proxyVersion", "Envoy", "string")]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Programmed\")].status", "Programmed", "string")]
[GenericAdditionalPrinterColumn(".status.config.acknowledgedTime", "Config-Age", "date")]
[GenericAdditionalPrinterColumn(".status.rejectedCount", "Rejected", "integer")]
[GenericAdditionalPrinterColumn(".status.captureMode", "Capture", "string", Priority = PrinterColumnPriority.WideView)]
[GenericAdditionalPrinterColumn(".status.zone", "Zone", "string", Priority = PrinterColumnPriority.WideView)]
[GenericAdditionalPrinterColumn(".status.config.version", "Config", "string", Priority = PrinterColumnPriority.WideView)]
[GenericAdditionalPrinterColumn(".status.config.workloads", "Workloads", "integer", Priority = PrinterColumnPriority.WideView)]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Programmed\")].reason", "Reason", "string", Priority = PrinterColumnPriority.WideView)]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
public sealed class MeshNodeObject : CustomKubernetesEntity, IStatus<MeshNodeStatus>
{
    public MeshNodeStatus Status { get; set; } = new();
}
