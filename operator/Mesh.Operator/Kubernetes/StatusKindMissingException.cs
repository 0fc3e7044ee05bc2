// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

/// <summary>The cluster does not know a kind of ours.</summary>
internal sealed class StatusKindMissingException : IOException
{
    public StatusKindMissingException()
    {
    }

    public StatusKindMissingException(string message)
        : base(message)
    {
    }

    public StatusKindMissingException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public StatusKindMissingException(StatusKind kind)
        : this($"the cluster has no {kind.Entry.Kind}: apply crds/manifests/{kind.Entry.Group}_{kind.Entry.Plural}.yaml")
    {
    }
}
