// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Sources;

namespace Mesh.Tests.Kubernetes;

internal sealed class StatusKindTests
{
    [TestCase("Mesh", ExpectedResult = "Policy meshes")]
    [TestCase("TrafficPolicy", ExpectedResult = "Policy trafficpolicies")]
    [TestCase("HTTPRoute", ExpectedResult = "Route httproutes")]
    [TestCase("GRPCRoute", ExpectedResult = "Route grpcroutes")]
    [TestCase("MeshNode", ExpectedResult = "Node meshnodes")]
    [TestCase("Service", ExpectedResult = "")]
    [TestCase("File", ExpectedResult = "")]
    public string Kind_has_the_shape_of_its_status(string kind) =>
        StatusKind.Of(new ObjectKey(kind, "", "n1")) is { } found ? $"{found.Shape} {found.Entry.Plural}" : "";

    [TestCase("worker-1.example.com", ExpectedResult = true)]
    [TestCase("grpc/client", ExpectedResult = false)]
    [TestCase("Worker", ExpectedResult = false)]
    [TestCase("-a", ExpectedResult = false)]
    [TestCase("a..b", ExpectedResult = false)]
    [TestCase("", ExpectedResult = false)]
    public bool Node_has_an_object_where_its_name_can_be_one(string name) => StatusKind.Of(new ObjectKey("MeshNode", "", name)) is not null;
}
