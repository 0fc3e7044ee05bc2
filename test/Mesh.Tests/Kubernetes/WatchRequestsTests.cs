// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Kinds;
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Kubernetes;

public sealed class WatchRequestsTests
{
    [TestCase("Pod", "api/v1/pods")]
    [TestCase("EndpointSlice", "apis/discovery.k8s.io/v1/endpointslices")]
    [TestCase("HTTPRoute", "apis/gateway.networking.k8s.io/v1/httproutes")]
    [TestCase("Mesh", "apis/mesh.operator.dev/v1alpha1/meshes")]
    public void Kind_is_asked_for_in_all_namespaces(string kind, string path) =>
        Assert.That(ReflectedKind.Of(KindCatalog.FindByKind(kind)!).Path, Is.EqualTo(path));

    [Test]
    public void Requests_are_those_of_the_Kubernetes_API()
    {
        Assert.That(WatchRequests.Page("api/v1/pods", 500, ""), Is.EqualTo("api/v1/pods?limit=500"));
        Assert.That(WatchRequests.Page("api/v1/pods", 500, "a+b="), Is.EqualTo("api/v1/pods?limit=500&continue=a%2Bb%3D"));
        Assert.That(WatchRequests.Page("api/v1/pods", 0, ""), Is.EqualTo("api/v1/pods"));
        Assert.That(WatchRequests.Watch("api/v1/pods", "17"), Is.EqualTo("api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion=17"));
    }
}
