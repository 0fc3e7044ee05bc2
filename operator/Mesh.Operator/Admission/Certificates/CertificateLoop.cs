// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using k8s.Autorest;
using k8s.Models;
using Mesh.Crds.Access;

namespace Mesh.Operator.Admission.Certificates;

/// <summary>
/// Keeps admission's certificate in force: makes it, replaces it in time, tells the API server whom to trust, and takes up what another replica
/// (or cert-manager) wrote. Every replica does so; the Secret's resourceVersion decides who was first.
/// </summary>
internal sealed class CertificateLoop(
    CertificateCluster cluster, ServingCertificate serving, AdmissionOptions options, TimeProvider time, ILogger<CertificateLoop> log) : BackgroundService
{
    /// <summary>Another replica is faster once; who is always overtaken waits.</summary>
    private const int MostAttempts = 5;

    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(6);
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    /// <summary>The API server learns of a new authority a moment after it was written; as long as the former certificate is good, it is not replaced before.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <summary>One mark is enough however much happens: everything is looked at.</summary>
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The certificate that is to be served next, and since when the API server has been told of its authority.</summary>
    private (X509Certificate2 Leaf, DateTimeOffset Told)? next;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(
                TendAsync(stoppingToken),
                WatchAsync("ValidatingWebhookConfiguration", cluster.WatchConfigurationAsync, stoppingToken),
                WatchAsync("Secret", cluster.WatchSecretAsync, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    private async Task TendAsync(CancellationToken ct)
    {
        var retry = ShortestRetry;
        while (true)
        {
            var rest = LongestRest;
            try
            {
                rest = await LookAsync(ct);
                retry = ShortestRetry;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                if (IsOfTheWorld(e))
                {
                    log.CertificateProblem(Words(e), retry.TotalSeconds);
                }
                else
                {
                    log.CertificateBug(e);
                }

                rest = retry;
                retry = retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
            }

            await RestAsync(rest, ct);
        }
    }

    /// <summary>One look at everything; how long to rest until the next.</summary>
    private async Task<TimeSpan> LookAsync(CancellationToken ct)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var configuration = await cluster.FindConfigurationAsync(ct);
            if (ForeignCertificate(configuration) is { } certificate)
            {
                return await TakeForeignAsync(certificate, ct);
            }

            var stored = await cluster.FindSecretAsync(OperatorNames.AdmissionSecret, ct);
            if (AdmissionSecret.ForeignOwner(stored) is { } owner)
            {
                throw new IOException(
                    $"Secret {options.Namespace}/{OperatorNames.AdmissionSecret} is kept by cert-manager for Certificate {owner}, but ValidatingWebhookConfiguration "
                    + $"{OperatorNames.WebhookConfiguration} has no annotation {OperatorNames.InjectCaFrom}; set it, or delete the Certificate and the Secret");
            }

            var plan = CertificatePlan.Of(AdmissionSecret.Read(stored), TrustBundle.Of(configuration), options.ServerNames, time.GetUtcNow());
            if (plan.Made is { } made)
            {
                if (!await cluster.TryStoreAsync(stored, plan.Keys, ct))
                {
                    continue;
                }

                log.CertificateMade(made, OperatorNames.AdmissionSecret);
            }

            if (configuration is null || await TrustAsync(configuration, plan.Keys.Bundle, ct))
            {
                return Take(plan);
            }
        }

        throw new IOException($"somebody else writes Secret {OperatorNames.AdmissionSecret} or ValidatingWebhookConfiguration {OperatorNames.WebhookConfiguration} at the same time");
    }

    /// <summary>False when the configuration has changed since it was read.</summary>
    private async Task<bool> TrustAsync(V1ValidatingWebhookConfiguration configuration, byte[] bundle, CancellationToken ct)
    {
        if (TrustBundle.Holds(configuration, bundle))
        {
            return true;
        }

        var isWritten = await cluster.TryTrustAsync(configuration, bundle, ct);
        if (isWritten)
        {
            log.TrustWritten(OperatorNames.WebhookConfiguration);
        }

        return isWritten;
    }

    private TimeSpan Take(CertificatePlan plan)
    {
        var now = time.GetUtcNow();
        var leaf = plan.Keys.Leaf;
        if (!IsSame(serving.Leaf, leaf))
        {
            next = next is { } known && IsSame(known.Leaf, leaf) ? known : (leaf, now);
            var settled = next.Value.Told + Settling;
            if (now < settled && IsFormerGood(plan.Keys, now))
            {
                return settled - now;
            }

            Serve(leaf, [], OperatorNames.AdmissionSecret);
        }

        var due = plan.Due - now;
        return due < LongestRest ? due : LongestRest;
    }

    /// <summary>What is served leads to another authority, which is trusted as well: then there is time.</summary>
    private bool IsFormerGood(AdmissionKeys keys, DateTimeOffset now) => serving.Leaf is { } former
        && former.NotAfter.ToUniversalTime() > now.UtcDateTime
        && !former.IssuerName.RawData.AsSpan().SequenceEqual(keys.Leaf.IssuerName.RawData)
        && keys.Trusted.Any(authority => authority.SubjectName.RawData.AsSpan().SequenceEqual(former.IssuerName.RawData));

    private static bool IsSame(X509Certificate2? left, X509Certificate2 right) => left?.RawDataMemory.Span.SequenceEqual(right.RawDataMemory.Span) == true;

    /// <summary>cert-manager keeps the Secret and writes the trust; we present what it made.</summary>
    private async Task<TimeSpan> TakeForeignAsync(string certificate, CancellationToken ct)
    {
        var name = await cluster.FindSecretNameAsync(certificate, ct)
            ?? throw new IOException($"there is no Certificate {options.Namespace}/{certificate} with a secretName, which {OperatorNames.InjectCaFrom} names");
        var secret = await cluster.FindSecretAsync(name, ct)
            ?? throw new IOException($"cert-manager has not made Secret {options.Namespace}/{name} yet");
        var (leaf, between) = AdmissionSecret.ReadForeign(secret)
            ?? throw new IOException($"Secret {options.Namespace}/{name} holds no certificate with its key in tls.crt and tls.key");
        if (!IsSame(serving.Leaf, leaf))
        {
            Serve(leaf, between, name);
        }

        // Of another name than our own Secret's no change is told.
        return name == OperatorNames.AdmissionSecret ? LongestRest : LongestRetry;
    }

    private void Serve(X509Certificate2 leaf, X509Certificate2Collection between, string secret)
    {
        serving.Take(leaf, between);
        log.CertificateTaken(leaf.SerialNumber, $"Secret {options.Namespace}/{secret}", leaf.NotAfter.ToUniversalTime());
    }

    /// <summary>Name of the Certificate that the configuration asks cert-manager to take the trust from; null where it does not.</summary>
    private string? ForeignCertificate(V1ValidatingWebhookConfiguration? configuration)
    {
        if (configuration?.Metadata.Annotations?.TryGetValue(OperatorNames.InjectCaFrom, out var named) is not true)
        {
            return null;
        }

        var slash = named.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && named[..slash] == options.Namespace && slash + 1 < named.Length
            ? named[(slash + 1)..]
            : throw new IOException($"annotation {OperatorNames.InjectCaFrom} is \"{named}\"; it must name a Certificate of the operator's namespace, \"{options.Namespace}/NAME\"");
    }

    /// <summary>A watch begins by showing what is there: only what is another version than before is worth a look.</summary>
    private async Task WatchAsync(string what, Func<Action<string>, CancellationToken, Task> watch, CancellationToken ct)
    {
        var retry = ShortestRetry;
        var last = "";
        while (true)
        {
            var start = time.GetTimestamp();
            try
            {
                await watch(
                    version =>
                    {
                        if (last != version)
                        {
                            last = version;
                            wake.Writer.TryWrite(true);
                        }
                    },
                    ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.WatchEnded(what, IsOfTheWorld(e) ? Words(e) : e.ToString());
            }

            retry = time.GetElapsedTime(start) > LongestRetry ? ShortestRetry : retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
            await Task.Delay(retry * (0.5 + Random.Shared.NextDouble()), time, ct);
        }
    }

    private async Task RestAsync(TimeSpan rest, CancellationToken ct)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var woken = wake.Reader.ReadAsync(until.Token).AsTask();
        var timer = Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, time, until.Token);
        await Task.WhenAny(woken, timer);
        await until.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>What tomorrow may be otherwise: the network, the API server, what others have written.</summary>
    private static bool IsOfTheWorld(Exception e) =>
        e is HttpOperationException or HttpRequestException or IOException or System.Text.Json.JsonException or OperationCanceledException or k8s.KubernetesException;

    /// <summary>The server's own words. Never the content of a request: it might be the Secret.</summary>
    private static string Words(Exception e) => e is HttpOperationException { Response: { } response }
        ? $"the API server answered {(int)response.StatusCode}: {Shorten(response.Content)}"
        : e.Message;

    private static string Shorten(string? text) => text is null ? "" : text.Length <= 300 ? text : text[..300] + "…";
}
