// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Cli;
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Cli;

public sealed class SourceArgumentsTests
{
    private static readonly string Here = Path.GetTempPath();
    private static readonly string Missing = Path.Combine(Path.GetTempPath(), "mesh-no-such-thing");
    private static readonly string SomeFile = typeof(SourceArgumentsTests).Assembly.Location;

    private static readonly SourceArguments Nothing = new() { Directory = null, IsKubernetes = false, Kubeconfig = null };
    private static readonly SourceArguments Cluster = Nothing with { IsKubernetes = true };
    private static readonly SourceArguments Folder = Nothing with { Directory = new DirectoryInfo(Here) };

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case("neither", Nothing, "nothing to serve: give --dir FOLDER");
        yield return Case("both", Cluster with { Directory = new DirectoryInfo(Here) }, "leave one of them out");
        yield return Case("folder that is not there", Nothing with { Directory = new DirectoryInfo(Missing) }, "there is no such folder");
        yield return Case("kubeconfig of a folder", Folder with { Kubeconfig = new FileInfo(SomeFile) }, "--kubeconfig: a folder needs no cluster");
        yield return Case("kubeconfig that is not there", Cluster with { Kubeconfig = new FileInfo(Missing) }, "there is no such file");

        static TestCaseData Case(string name, SourceArguments arguments, string message) => new TestCaseData(arguments, message).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Wrong))]
    public void Wrong_choice_is_told(object arguments, string message) =>
        Assert.That(((SourceArguments)arguments).Problem(), Does.Contain(message));

    [Test]
    public void Folder_alone_and_cluster_alone_are_right()
    {
        Assert.That(Folder.Problem(), Is.Null);
        Assert.That(Folder.Kubernetes(), Is.Null);
        Assert.That(Cluster.Problem(), Is.Null);
        Assert.That((Cluster with { Kubeconfig = new FileInfo(SomeFile) }).Problem(), Is.Null);
    }

    [Test]
    public void Cluster_is_reached_by_the_kubeconfig_that_is_named_or_by_the_usual_one()
    {
        Assert.That((Cluster with { Kubeconfig = new FileInfo(SomeFile) }).Kubernetes(), Is.EqualTo(new KubernetesOptions { Kubeconfig = SomeFile }));
        Assert.That(Cluster.Kubernetes(), Is.EqualTo(new KubernetesOptions()));
    }
}
