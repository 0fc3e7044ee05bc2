// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;

namespace Mesh.Operator.Admission.Certificates;

/// <summary>What is to be done about the stored keys.</summary>
/// <param name="Keys">What to serve with.</param>
/// <param name="Made">What of it is new and must be stored first; null where all is as it was.</param>
internal sealed record CertificatePlan(AdmissionKeys Keys, string? Made)
{
    /// <summary>Pure but for the drawing of keys.</summary>
    /// <param name="stored">What the Secret holds; null where it holds nothing that can be used.</param>
    /// <param name="names">The names that clients call us by.</param>
    /// <param name="now">The time.</param>
    public static CertificatePlan Of(AdmissionKeys? stored, IReadOnlyList<string> names, DateTimeOffset now)
    {
        if (stored is null)
        {
            return new CertificatePlan(AdmissionKeys.Make(names, [], now), "authority and certificate");
        }

        if (IsDue(stored.Authority, now))
        {
            return new CertificatePlan(AdmissionKeys.Make(names, stored.Trusted, now), "authority and certificate");
        }

        return IsDue(stored.Leaf, now) || !IsOf(stored.Authority, stored.Leaf) || !names.All(name => stored.Leaf.MatchesHostname(name, allowWildcards: false, allowCommonName: false))
            ? new CertificatePlan(stored.WithNewLeaf(names, now), "certificate")
            : new CertificatePlan(stored, Made: null);
    }

    /// <summary>When the next one is due.</summary>
    public DateTimeOffset Due
    {
        get
        {
            var (leaf, authority) = (AdmissionKeys.DueOf(Keys.Leaf), AdmissionKeys.DueOf(Keys.Authority));
            return leaf < authority ? leaf : authority;
        }
    }

    /// <summary>One from the future, by a clock that was wrong, is replaced as well.</summary>
    private static bool IsDue(X509Certificate2 certificate, DateTimeOffset now) =>
        now >= AdmissionKeys.DueOf(certificate) || now.UtcDateTime < certificate.NotBefore.ToUniversalTime();

    private static bool IsOf(X509Certificate2 authority, X509Certificate2 leaf) =>
        leaf.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData);
}
