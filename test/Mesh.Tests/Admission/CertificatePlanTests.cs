// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;
using Mesh.Operator.Admission.Certificates;

namespace Mesh.Tests.Admission;

internal sealed class CertificatePlanTests
{
    private static readonly string[] Names = ["mesh-operator-admission.mesh-system.svc", "127.0.0.1"];
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static AdmissionKeys Made => CertificatePlan.Of(stored: null, [], Names, Start).Keys;

    [Test]
    public void Nothing_stored_makes_a_certificate_for_all_names_that_leads_to_what_is_trusted()
    {
        var plan = CertificatePlan.Of(stored: null, [], Names, Start);

        Assert.That(plan.Made, Is.EqualTo("authority and certificate"));
        Assert.That(Names.All(name => plan.Keys.Leaf.MatchesHostname(name)), Is.True);
        Assert.That(IsTrusted(plan.Keys.Leaf, plan.Keys, Start), Is.True);
    }

    [Test]
    public void Stored_keys_are_kept_as_long_as_they_are_young()
    {
        var made = Made;

        var plan = CertificatePlan.Of(Stored(made), [], Names, Start + (AdmissionKeys.LeafLife / 2));

        Assert.That(plan.Made, Is.Null);
        Assert.That(plan.Keys.Leaf.SerialNumber, Is.EqualTo(made.Leaf.SerialNumber));
        Assert.That(plan.Due, Is.EqualTo(Start + (AdmissionKeys.LeafLife / 3 * 2)).Within(TimeSpan.FromMinutes(10)));
    }

    [Test]
    public void Certificate_is_replaced_at_two_thirds_of_its_life_under_the_same_authority()
    {
        var made = Made;

        var plan = CertificatePlan.Of(Stored(made), [], Names, Start + (AdmissionKeys.LeafLife * 0.67));

        Assert.That(plan.Made, Is.EqualTo("certificate"));
        Assert.That(plan.Keys.Bundle, Is.EqualTo(made.Bundle));
        Assert.That(plan.Keys.Leaf.NotAfter, Is.GreaterThan(made.Leaf.NotAfter));
    }

    /// <summary>Replicas go over to the new one one after the other; clients must trust both meanwhile.</summary>
    [Test]
    public void Authority_is_replaced_at_two_thirds_of_its_life_and_the_former_stays_trusted()
    {
        var made = Made;
        var later = Start + (AdmissionKeys.AuthorityLife * 0.67);
        var last = CertificatePlan.Of(Stored(made), [], Names, later - TimeSpan.FromDays(10)).Keys;

        var plan = CertificatePlan.Of(Stored(last), [], Names, later);

        Assert.That(plan.Made, Is.EqualTo("authority and certificate"));
        Assert.That(IsTrusted(plan.Keys.Leaf, plan.Keys, later), Is.True);
        Assert.That(IsTrusted(last.Leaf, plan.Keys, later), Is.True);
        Assert.That(IsTrusted(plan.Keys.Leaf, last, later), Is.False);
    }

    /// <summary>By then every replica has gone over; a former authority may have been replaced because its key got out.</summary>
    [Test]
    public void Former_authority_is_trusted_for_a_day()
    {
        var later = Start + (AdmissionKeys.AuthorityLife * 0.67);
        var both = CertificatePlan.Of(Stored(Made), [], Names, later).Keys;

        var before = CertificatePlan.Of(Stored(both), [], Names, later + TimeSpan.FromHours(23));
        var after = CertificatePlan.Of(Stored(both), [], Names, later + TimeSpan.FromHours(25));

        Assert.That((before.Made, before.Keys.Trusted.Count), Is.EqualTo((default(string), 2)));
        Assert.That(before.Due, Is.EqualTo(later + TimeSpan.FromDays(1)).Within(TimeSpan.FromSeconds(2)));
        Assert.That((after.Made, after.Keys.Trusted.Count), Is.EqualTo(("list of whom to trust", 1)));
        Assert.That(IsTrusted(after.Keys.Leaf, after.Keys, later + TimeSpan.FromHours(25)), Is.True);
    }

    /// <summary>Replicas serve with it until they have read the new one.</summary>
    [Test]
    public void Lost_secret_leaves_what_is_trusted_in_force_for_a_while()
    {
        var former = Made;

        var plan = CertificatePlan.Of(stored: null, TrustBundle.Of(Configuration(former.Bundle)), Names, Start + TimeSpan.FromDays(1));

        Assert.That(plan.Made, Is.EqualTo("authority and certificate"));
        Assert.That(IsTrusted(former.Leaf, plan.Keys, Start + TimeSpan.FromDays(1)), Is.True);
        Assert.That(IsTrusted(plan.Keys.Leaf, plan.Keys, Start + TimeSpan.FromDays(1)), Is.True);
    }

    [TestCase("")]
    [TestCase("garbage")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void Trust_that_is_no_certificate_is_nobody(string bundle)
    {
        Assert.That(TrustBundle.Of(Configuration(Encoding.ASCII.GetBytes(bundle))), Is.Empty);
    }

    [Test]
    public void Expired_authority_is_trusted_no_longer()
    {
        var later = Start + AdmissionKeys.AuthorityLife + TimeSpan.FromDays(1);

        Assert.That(CertificatePlan.Of(Stored(Made), [], Names, later).Keys.Trusted, Has.Count.EqualTo(1));
    }

    [Test]
    public void Another_name_needs_another_certificate()
    {
        var plan = CertificatePlan.Of(Stored(Made), [], [.. Names, "mesh-operator-admission.other.svc"], Start);

        Assert.That(plan.Made, Is.EqualTo("certificate"));
    }

    [TestCase("tls.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [TestCase("tls.crt", "nonsense")]
    [TestCase("ca.crt", "")]
    [TestCase("authority.key", "")]
    public void Secret_with_something_else_in_it_is_as_good_as_empty(string field, string content)
    {
        var secret = AdmissionSecret.Write(stored: null, "mesh-system", Made);
        secret.Data[field] = Encoding.ASCII.GetBytes(content);

        Assert.That(AdmissionSecret.Read(secret), Is.Null);
    }

    [Test]
    public void Keys_of_two_replicas_do_not_mix()
    {
        var secret = AdmissionSecret.Write(stored: null, "mesh-system", Made);
        secret.Data["ca.crt"] = Made.Bundle;

        Assert.That(AdmissionSecret.Read(secret), Is.Null);
    }

    private static V1ValidatingWebhookConfiguration Configuration(byte[] bundle)
    {
        var webhook = new V1ValidatingWebhook { Name = "a", ClientConfig = new Admissionregistrationv1WebhookClientConfig { CaBundle = bundle } };
        return new V1ValidatingWebhookConfiguration { Webhooks = [webhook, webhook] };
    }

    private static AdmissionKeys Stored(AdmissionKeys keys) =>
        AdmissionSecret.Read(AdmissionSecret.Write(stored: null, "mesh-system", keys)) ?? throw new InvalidOperationException("What was written cannot be read.");

    private static bool IsTrusted(X509Certificate2 leaf, AdmissionKeys keys, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.CustomTrustStore.AddRange(keys.Trusted);
        return chain.Build(leaf);
    }
}
