// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Mesh.Operator.Admission;

/// <summary>What an API server asks about one write (AdmissionReview of admission.k8s.io/v1, as far as we read it).</summary>
internal sealed record AdmissionRequest
{
    /// <summary>Goes back with the answer.</summary>
    public required string Uid { get; init; }

    public required string Group { get; init; }

    public required string Kind { get; init; }

    /// <summary>CREATE, UPDATE, DELETE or CONNECT.</summary>
    public required string Operation { get; init; }

    /// <summary>Null for a deletion.</summary>
    public required JsonObject? Object { get; init; }

    /// <summary>What is stored; null for a creation.</summary>
    public required JsonObject? OldObject { get; init; }
}
