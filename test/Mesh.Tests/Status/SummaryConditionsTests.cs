// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Status;

namespace Mesh.Tests.Status;

internal sealed class SummaryConditionsTests
{
    [Test]
    public void Ready_is_true_when_all_are()
    {
        Assert.That(SummaryConditions.ReadyOf(Conditions(ConditionStatus.True, "Programmed")), Is.EqualTo(
            new ConditionState("Ready", ConditionStatus.True, "Programmed", "m")));
    }

    [Test]
    public void Ready_says_what_is_false_before_what_is_unknown()
    {
        ConditionState[] conditions =
        [
            new("Accepted", ConditionStatus.Unknown, "Pending", "later"),
            new("Programmed", ConditionStatus.False, "RejectedByProxy", "no"),
        ];

        Assert.That(SummaryConditions.ReadyOf(conditions), Is.EqualTo(new ConditionState("Ready", ConditionStatus.False, "RejectedByProxy", "no")));
    }

    [TestCase("Invalid", ExpectedResult = true)]
    [TestCase("UnsupportedValue", ExpectedResult = true)]
    [TestCase("Unenforceable", ExpectedResult = true)]
    [TestCase("Conflicted", ExpectedResult = true)]
    [TestCase("InvalidKind", ExpectedResult = true)]
    [TestCase("RejectedByProxy", ExpectedResult = true)]
    [TestCase("TargetNotFound", ExpectedResult = false)]
    [TestCase("BackendNotFound", ExpectedResult = false)]
    [TestCase("RefNotPermitted", ExpectedResult = false)]
    [TestCase("NoMatchingParent", ExpectedResult = false)]
    [TestCase("Overridden", ExpectedResult = false)]
    public bool Stalled_is_what_only_a_user_can_help(string reason) =>
        SummaryConditions.StalledOf(Conditions(ConditionStatus.False, reason)) is { Type: "Stalled", Status: ConditionStatus.True };

    [TestCase(ConditionStatus.True)]
    [TestCase(ConditionStatus.Unknown)]
    public void Stalled_is_not_told_of_what_is_true_or_under_way(ConditionStatus status)
    {
        Assert.That(SummaryConditions.StalledOf(Conditions(status, "RejectedByProxy")), Is.Null);
    }

    private static ConditionState[] Conditions(ConditionStatus programmed, string reason) =>
    [
        new("Accepted", ConditionStatus.True, "Accepted", "a"),
        new("Programmed", programmed, reason, "m"),
    ];
}
