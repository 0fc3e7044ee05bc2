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
    /// <param name="inForce">Whom the API server trusts now. What is there goes on being trusted for a while when nothing stored can be used, for
    /// replicas serve with it until they have read the new one.</param>
    /// <param name="names">The names that clients call us by.</param>
    /// <param name="now">The time.</param>
    public static CertificatePlan Of(AdmissionKeys? stored, X509Certificate2Collection inForce, IReadOnlyList<string> names, DateTimeOffset now)
    {
        if (stored is null)
        {
            return new CertificatePlan(AdmissionKeys.Make(names, inForce, now), "authority and certificate");
        }

        if (IsDue(stored.Authority, now))
        {
            return new CertificatePlan(AdmissionKeys.Make(names, stored.Trusted, now), "authority and certificate");
        }

        var keys = now >= stored.FormerEnd ? stored.WithoutFormer() : stored;
        return IsDue(keys.Leaf, now) || !IsOf(keys.Authority, keys.Leaf) || !names.All(name => keys.Leaf.MatchesHostname(name, allowWildcards: false, allowCommonName: false))
            ? new CertificatePlan(keys.WithNewLeaf(names, now), "certificate")
            : new CertificatePlan(keys, ReferenceEquals(keys, stored) ? null : "list of whom to trust");
    }

    /// <summary>When the next one is due.</summary>
    public DateTimeOffset Due
    {
        get
        {
            DateTimeOffset[] dates = [AdmissionKeys.DueOf(Keys.Leaf), AdmissionKeys.DueOf(Keys.Authority), Keys.FormerEnd];
            return dates.Min();
        }
    }

    /// <summary>One from the future, by a clock that was wrong, is replaced as well.</summary>
    private static bool IsDue(X509Certificate2 certificate, DateTimeOffset now) =>
        now >= AdmissionKeys.DueOf(certificate) || now.UtcDateTime < certificate.NotBefore.ToUniversalTime();

    private static bool IsOf(X509Certificate2 authority, X509Certificate2 leaf) =>
        leaf.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData);
}
