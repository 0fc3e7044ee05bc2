// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Cli;

namespace Mesh.Tests.Cli;

internal sealed class StatusLinesTests
{
    [Test]
    public void Each_object_has_a_line_and_what_is_wrong_another_one_however_long()
    {
        var words = new string('x', 300);

        var text = StatusLines.Of(
        [
            new StatusRow("HTTPRoute", "shop/cart", "Service/cart:8080", ConditionStatus.True, ConditionStatus.True, "1/1", ""),
            new StatusRow("TrafficPolicy", "shop/a", "Service/cart", ConditionStatus.False, ConditionStatus.Unknown, "0/1", words),
        ]);

        Assert.That(text, Is.EqualTo(
            "KIND            NAME        TARGET              ACCEPTED   PROGRAMMED   PROXIES\n"
            + "HTTPRoute       shop/cart   Service/cart:8080   True       True         1/1\n"
            + "TrafficPolicy   shop/a      Service/cart        False      Unknown      0/1\n"
            + $"! TrafficPolicy shop/a: {words}\n"));
    }
}
