// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mesh.Testing;
using Mesh.Xds.Streams;

namespace Mesh.Tests.Hosting;

internal sealed class PeerIdentityTests
{
    [TestCase("spiffe://mesh.test/node/n1", "spiffe://mesh.test/node/n1")]
    [TestCase("https://mesh.test/node/n1", null)]
    [TestCase(null, null)]
    public void Certificate_tells_its_spiffe_id(string? uri, string? expected)
    {
        using var authority = new TestAuthority("root");
        using var certificate = authority.Issue("proxy", uri);

        var peer = PeerIdentity.Of(certificate);

        Assert.That((peer.Subject, peer.SpiffeId), Is.EqualTo(("CN=proxy", expected)));
    }

    [Test]
    public void Certificate_with_two_uris_has_no_spiffe_id()
    {
        using var certificate = WithNames(static names =>
        {
            names.AddUri(new Uri("spiffe://mesh.test/a"));
            names.AddUri(new Uri("spiffe://mesh.test/b"));
        });

        var peer = PeerIdentity.Of(certificate);

        Assert.That(peer.Uris, Is.EqualTo(new[] { "spiffe://mesh.test/a", "spiffe://mesh.test/b" }));
        Assert.That(peer.SpiffeId, Is.Null);
    }

    [Test]
    public void Certificate_whose_names_cannot_be_read_vouches_for_nothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x30, 0x05, 0x86, 0x7f, 0x01], critical: false));
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1));

        Assert.That(PeerIdentity.Of(certificate).Uris, Is.Empty);
    }

    private static X509Certificate2 WithNames(Action<SubjectAlternativeNameBuilder> add)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        add(names);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
