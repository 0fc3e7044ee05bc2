// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing.Policies;

namespace Mesh.Tests.Crds;

/// <summary>File mode's verdicts; that the API server's are the same is seen in Mesh.EndToEnd.Tests.</summary>
internal sealed class TrafficPolicyValidationTests
{
    private static IEnumerable<PolicyCase> ValidCases => PolicyCases.All.Where(c => c.Path is null);

    private static IEnumerable<PolicyCase> InvalidCases => PolicyCases.All.Where(c => c.Path is not null);

    [TestCaseSource(nameof(ValidCases))]
    public void Valid_policy_is_read(PolicyCase policy)
    {
        var document = policy.Document();

        var read = KnownKind.Named("TrafficPolicy").Read(document);

        Assert.That(read.Problems, Is.Empty);
        Assert.That(read.Entity, Is.InstanceOf<Mesh.Crds.V1Alpha1.TrafficPolicy>());
    }

    [TestCaseSource(nameof(InvalidCases))]
    public void Invalid_policy_has_one_problem_that_names_its_place(PolicyCase policy)
    {
        var document = policy.Document();

        var read = KnownKind.Named("TrafficPolicy").Read(document);

        Assert.That(read.Entity, Is.Null);
        Assert.That(read.Problems.Select(problem => problem.Path), Is.EqualTo(new[] { policy.Path }));
        Assert.That(read.Problems[0].Message, Does.Contain(policy.Message));
    }
}
