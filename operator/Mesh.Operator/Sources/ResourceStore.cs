// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using k8s;
using k8s.Models;
using Mesh.Model;

namespace Mesh.Operator.Sources;

/// <summary>What was written since the last time, and the state that it led to.</summary>
/// <param name="Resources">The newest state.</param>
/// <param name="Changed">Keys of objects written since the previous <see cref="ResourceStore.Take"/>; a hint of what to look at.</param>
public sealed record StoreChange(ResourceSet Resources, IReadOnlySet<ObjectKey> Changed);
