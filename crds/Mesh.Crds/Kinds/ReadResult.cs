// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Mesh.Crds.Schema;

namespace Mesh.Crds.Kinds;

/// <summary>What became of a document: its object with defaults filled in, or everything that is wrong with it.</summary>
/// <param name="Entity">An instance of <see cref="KindEntry.EntityType"/>; null exactly when there are problems.</param>
/// <param name="Problems">Problems in the order of the document.</param>
public sealed record ReadResult(IKubernetesObject<V1ObjectMeta>? Entity, ImmutableArray<SchemaProblem> Problems);
