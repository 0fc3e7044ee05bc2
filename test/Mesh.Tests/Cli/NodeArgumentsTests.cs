// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Cli;
using Mesh.Xds.Bootstrap;

namespace Mesh.Tests.Cli;

internal sealed class NodeArgumentsTests
{
    private static readonly NodeArguments Remote = new()
    {
        Node = "n1",
        ControlPlane = "mesh-operator.mesh-system.svc:15010",
        Http = "127.0.0.1:15021",
        TlsCertificate = "/tls/tls.crt",
        TlsKey = "/tls/tls.key",
        TlsCa = "/tls/ca.crt",
        TlsServerName = null,
        DrainSeconds = 5,
    };

    private static NodeArguments PlainText => Remote with { TlsCertificate = null, TlsKey = null, TlsCa = null };

    [TestCase("127.0.0.1:18000", null)]
    [TestCase("[::1]:18000", null)]
    [TestCase("localhost:18000", null)]
    [TestCase("10.0.0.1:18000", "--control-plane 10.0.0.1:18000: in plain text, where nobody proves who they are, only a control plane at loopback is asked")]
    [TestCase("localhost.example.com:18000", "--control-plane localhost.example.com:18000: in plain text")]
    public void Plain_text_goes_to_loopback_only(string controlPlane, string? problem)
    {
        var found = (PlainText with { ControlPlane = controlPlane }).Problem();

        Assert.That(found, problem is null ? Is.Null : Does.StartWith(problem));
    }

    [TestCase("mesh-operator")]
    [TestCase("mesh-operator:")]
    [TestCase("mesh-operator:0")]
    [TestCase("mesh-operator:65536")]
    [TestCase("mesh-operator:15010/path")]
    [TestCase("me@mesh-operator:15010")]
    [TestCase("")]
    public void Control_plane_is_a_host_with_a_port(string controlPlane)
    {
        var found = (Remote with { ControlPlane = controlPlane }).Problem();

        Assert.That(found, Does.StartWith($"--control-plane {controlPlane}: not a host with a port; "));
    }

    [Test]
    public void Node_needs_a_name()
    {
        Assert.That((Remote with { Node = "" }).Problem(), Does.StartWith("--node: this node has no name; give it, or set NODE_NAME"));
    }

    [Test]
    public void Certificate_options_belong_together()
    {
        Assert.That((Remote with { TlsKey = null }).Problem(), Is.EqualTo("--tls-cert, --tls-key and --tls-ca belong together; give --tls-key, too"));
        Assert.That((PlainText with { ControlPlane = "[::1]:1", TlsServerName = "a" }).Problem(), Does.StartWith("--tls-server-name: without --tls-ca"));
    }

    [Test]
    public void Token_is_enough_with_the_roots_of_the_control_plane()
    {
        var token = PlainText with { Token = "/token/token", TlsCa = "/tls/ca.crt" };

        Assert.That(token.Problem(), Is.Null);
        Assert.That(token.Address("/state").Tls, Is.EqualTo(new ControlPlaneTls
        {
            Certificate = null,
            Key = null,
            Token = "/token/token",
            Ca = "/tls/ca.crt",
            ServerName = "mesh-operator.mesh-system.svc",
            SecretsFolder = "/state/secrets",
        }));
        Assert.That((token with { TlsCa = null }).Problem(), Is.EqualTo("--token and --tls-ca belong together; give --tls-ca, too"));
        Assert.That((PlainText with { TlsCa = "/tls/ca.crt" }).Problem(), Does.EndWith("belong together; give --tls-cert and --tls-key, too"));
        Assert.That((Remote with { Token = "/token/token" }).Problem(), Is.Null);
    }

    [Test]
    public void Addresses_and_durations_are_checked()
    {
        Assert.That((Remote with { Http = "here" }).Problem(), Does.StartWith("--http here: not an address with a port"));
        Assert.That((Remote with { DrainSeconds = 60 }).Problem(), Does.StartWith("--drain 60: must be from 0 to 20 seconds"));
    }

    [TestCase(null, "mesh-operator.mesh-system.svc")]
    [TestCase("spiffe://mesh/operator", "spiffe://mesh/operator")]
    public void Address_expects_the_host_of_the_control_plane_or_the_name_given(string? name, string expected)
    {
        var address = (Remote with { TlsServerName = name }).Address("/state");

        Assert.That((address.Host, address.Port), Is.EqualTo(("mesh-operator.mesh-system.svc", 15010)));
        Assert.That(address.Tls, Is.EqualTo(new ControlPlaneTls
        {
            Certificate = "/tls/tls.crt",
            Key = "/tls/tls.key",
            Ca = "/tls/ca.crt",
            ServerName = expected,
            SecretsFolder = "/state/secrets",
        }));
    }
}
