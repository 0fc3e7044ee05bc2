// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;

namespace Mesh.Operator.Admission.Certificates;

/// <summary>Whom the API server trusts at admission, as the webhook configuration says it.</summary>
internal static class TrustBundle
{
    /// <summary>Empty where it trusts nobody yet, or holds what is no certificate.</summary>
    public static X509Certificate2Collection Of(V1ValidatingWebhookConfiguration? configuration)
    {
        var found = new X509Certificate2Collection();
        foreach (var bundle in (configuration?.Webhooks ?? []).Select(webhook => webhook.ClientConfig?.CaBundle).OfType<byte[]>())
        {
            found.AddRange(Read(bundle).Where(one => !found.Any(known => known.RawDataMemory.Span.SequenceEqual(one.RawDataMemory.Span))).ToArray());
        }

        return found;
    }

    /// <summary>Each webhook trusts exactly this.</summary>
    public static bool Holds(V1ValidatingWebhookConfiguration configuration, byte[] bundle) =>
        (configuration.Webhooks ?? []).All(webhook => webhook.ClientConfig?.CaBundle is { } known && known.AsSpan().SequenceEqual(bundle));

    private static X509Certificate2Collection Read(byte[] bundle)
    {
        var read = new X509Certificate2Collection();
        try
        {
            read.ImportFromPem(Encoding.UTF8.GetString(bundle));
        }
        catch (CryptographicException)
        {
            // Somebody's garbage: it is overwritten.
            read.Clear();
        }

        return read;
    }
}
