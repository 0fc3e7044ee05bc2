// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Cli;

namespace Mesh.Tests.Cli;

internal sealed class ListenArgumentsTests
{
    [TestCase("127.0.0.1:18000", false, null)]
    [TestCase("[::1]:18000", false, null)]
    [TestCase("0.0.0.0:15010", true, null)]
    [TestCase(null, false, null)]
    [TestCase("0.0.0.0:15010", false, "--listen 0.0.0.0:15010: in plain text, where nobody proves who they are, xDS is served at loopback addresses only")]
    [TestCase("somewhere", false, "--listen somewhere: not an address with a port")]
    [TestCase(null, true, "--tls-cert: there is no address to serve by it")]
    public void Listen_is_loopback_or_has_certificates(string? listen, bool hasTls, string? problem)
    {
        var file = hasTls ? "file" : null;

        var found = new ListenArguments { Listen = listen, Http = null, TlsCertificate = file, TlsKey = file, TlsClientCa = file }.Problem();

        Assert.That(found, problem is null ? Is.Null : Does.StartWith(problem));
    }

    [Test]
    public void Certificate_options_belong_together()
    {
        var some = new ListenArguments { Listen = "0.0.0.0:15010", Http = null, TlsCertificate = "a", TlsKey = null, TlsClientCa = null };

        Assert.That(
            some.Problem(), Is.EqualTo("--tls-cert, --tls-key and --tls-client-ca belong together; without --tls-key and --tls-client-ca there is nobody to serve"));
    }

    [TestCase(XdsAuth.Token, false, true, null)]
    [TestCase(XdsAuth.Either, true, true, null)]
    [TestCase(XdsAuth.Token, true, true, "--xds-auth Token: --tls-client-ca has no use there")]
    [TestCase(XdsAuth.Either, false, true, "--tls-cert, --tls-key and --tls-client-ca belong together; without --tls-client-ca")]
    [TestCase(XdsAuth.Token, false, false, "--xds-auth Token: tokens are judged by an API server; give --kubernetes")]
    public void Tokens_take_a_cluster_and_a_certificate_of_the_server(XdsAuth auth, bool hasClientCa, bool isKubernetes, string? problem)
    {
        var arguments = new ListenArguments
        {
            Listen = "0.0.0.0:15010",
            Http = null,
            TlsCertificate = "a",
            TlsKey = "b",
            TlsClientCa = hasClientCa ? "c" : null,
            Auth = auth,
            IsKubernetes = isKubernetes,
        };

        Assert.That(arguments.Problem(), problem is null ? Is.Null : Does.StartWith(problem));
        Assert.That((arguments with { TlsCertificate = null, TlsKey = null, TlsClientCa = null, IsKubernetes = true, Listen = "127.0.0.1:1" }).Problem(), Does.StartWith(
            $"--xds-auth {auth}: a token is shown to nobody who has no certificate; give --tls-cert"));
    }

    [Test]
    public void Certificate_without_clients_roots_serves_nobody()
    {
        var open = new ListenArguments { Listen = "0.0.0.0:15010", Http = null, TlsCertificate = "a", TlsKey = "b", TlsClientCa = null };

        Assert.That((open.Tls, open.Problem() is null), Is.EqualTo(((Mesh.Xds.Hosting.Tls.TlsFiles?)null, false)));
    }
}
