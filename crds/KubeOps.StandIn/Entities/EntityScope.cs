// SPDX-License-Identifier: Apache-2.0
namespace KubeOps.Abstractions.Entities;

public enum EntityScope
{
    Namespaced,
    Cluster,
}
