// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Replicas;

namespace Mesh.Tests.Replicas;

internal sealed class ReplicaAddressTests
{
    [TestCase("127.0.0.1:18000", null, "127.0.0.1:18000", TestName = "Address of its own: that one")]
    [TestCase("0.0.0.0:15010", "10.0.0.7", "10.0.0.7:15010", TestName = "Any address, in a pod: the pod's")]
    [TestCase("[::]:15010", "fd00::7", "[fd00::7]:15010", TestName = "Any address, in a pod of IPv6: the pod's")]
    [TestCase("0.0.0.0:15010", null, null, TestName = "Any address, outside a pod: none")]
    [TestCase("0.0.0.0:15010", "soon", null, TestName = "Any address, and no address of the pod: none")]
    [TestCase("127.0.0.1:0", null, null, TestName = "Any port: none")]
    [TestCase(null, "10.0.0.7", null, TestName = "No address at all: none")]
    public void Address_is_one_at_which_others_reach_it(string? listen, string? pod, string? address) =>
        Assert.That(ReplicaAddress.Of(listen, pod), Is.EqualTo(address));
}
