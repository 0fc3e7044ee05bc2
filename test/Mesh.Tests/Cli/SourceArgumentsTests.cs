// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Cli;
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Cli;

public sealed class SourceArgumentsTests
{
    private static readonly string Here = Path.GetTempPath();
    private static readonly string Missing = Path.Combine(Path.GetTempPath(), "mesh-no-such-thing");
    private static readonly string SomeFile = typeof(SourceArgumentsTests).Assembly.Location;

    private static readonly SourceArguments Nothing = new() { Directory = null, IsKubernetes = false, Kubeconfig = null, Namespace = null, Admission = null };
    private static readonly SourceArguments Cluster = Nothing with { IsKubernetes = true };
    private static readonly SourceArguments Folder = Nothing with { Directory = new DirectoryInfo(Here) };

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case("neither", Nothing, "nothing to serve: give --dir FOLDER");
        yield return Case("both", Cluster with { Directory = new DirectoryInfo(Here) }, "leave one of them out");
        yield return Case("folder that is not there", Nothing with { Directory = new DirectoryInfo(Missing) }, "there is no such folder");
        yield return Case("kubeconfig of a folder", Folder with { Kubeconfig = new FileInfo(SomeFile) }, "--kubeconfig: a folder needs no cluster");
        yield return Case("namespace of a folder", Folder with { Namespace = "mesh" }, "--namespace: a folder needs no cluster");
        yield return Case("admission of a folder", Folder with { Admission = "0.0.0.0:9443" }, "--admission: only an API server asks for it");
        yield return Case("admission nowhere", Cluster with { Admission = "here" }, "--admission here: not an address with a port");
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
        Assert.That(Folder.Kubernetes(_ => null), Is.Null);
        Assert.That(Cluster.Problem(), Is.Null);
        Assert.That((Cluster with { Kubeconfig = new FileInfo(SomeFile) }).Problem(), Is.Null);
    }

    [Test]
    public void Cluster_takes_name_and_namespace_of_the_pod_from_the_environment_and_options_win()
    {
        var pod = new Dictionary<string, string>(StringComparer.Ordinal) { ["POD_NAME"] = "operator-1", ["POD_NAMESPACE"] = "mesh" };

        Assert.That(Cluster.Kubernetes(pod.GetValueOrDefault), Is.EqualTo(new KubernetesOptions { Identity = "operator-1", Namespace = "mesh" }));
        Assert.That((Cluster with { Namespace = "other" }).Kubernetes(pod.GetValueOrDefault)?.Namespace, Is.EqualTo("other"));
        Assert.That(Cluster.Kubernetes(_ => null)?.Namespace, Is.EqualTo("mesh-system"));
    }
}
