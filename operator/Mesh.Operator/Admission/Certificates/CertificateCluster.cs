// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Mesh.Crds.Access;

namespace Mesh.Operator.Admission.Certificates;

/// <summary>Reads and writes what admission keeps in the cluster: its Secret, and whom the webhook configuration trusts.</summary>
internal sealed class CertificateCluster(IKubernetes client, AdmissionOptions options)
{
    private const int WatchSeconds = 540;

    /// <summary>Null where there is none (admission is not installed).</summary>
    public Task<V1ValidatingWebhookConfiguration?> FindConfigurationAsync(CancellationToken ct) => OrNullAsync(
        () => client.AdmissionregistrationV1.ReadValidatingWebhookConfigurationAsync(OperatorNames.WebhookConfiguration, cancellationToken: ct));

    public Task<V1Secret?> FindSecretAsync(string name, CancellationToken ct) => OrNullAsync(
        () => client.CoreV1.ReadNamespacedSecretAsync(name, options.Namespace, cancellationToken: ct));

    /// <summary>Name of the Secret that cert-manager keeps for a Certificate; null where that does not say (there is none yet).</summary>
    public async Task<string?> FindSecretNameAsync(string certificate, CancellationToken ct)
    {
        var found = await OrNullAsync(async () => new Found(await client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>(
            "cert-manager.io", "v1", options.Namespace, "certificates", certificate, ct)));
        return found?.Object is { ValueKind: JsonValueKind.Object } json
            && json.TryGetProperty("spec", out var spec)
            && spec.ValueKind == JsonValueKind.Object
            && spec.TryGetProperty("secretName", out var name)
            && name.ValueKind == JsonValueKind.String
                ? name.GetString()
                : null;
    }

    /// <summary>False when another replica was faster, or the Secret is gone: then what is there now counts.</summary>
    public async Task<bool> TryStoreAsync(V1Secret? stored, AdmissionKeys keys, CancellationToken ct)
    {
        var secret = AdmissionSecret.Write(stored, options.Namespace, keys);
        try
        {
            await (stored is null
                ? client.CoreV1.CreateNamespacedSecretAsync(secret, options.Namespace, cancellationToken: ct)
                : client.CoreV1.ReplaceNamespacedSecretAsync(secret, secret.Metadata.Name, options.Namespace, cancellationToken: ct));
            return true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict || (e.Response.StatusCode == HttpStatusCode.NotFound && stored is not null))
        {
            return false;
        }
    }

    /// <summary>
    /// Puts the bundle into every webhook of the configuration. By a patch that names the version it was made for: it can neither make the configuration
    /// nor touch another one's field. False when somebody else has written it meanwhile.
    /// </summary>
    public async Task<bool> TryTrustAsync(V1ValidatingWebhookConfiguration configuration, byte[] bundle, CancellationToken ct)
    {
        var patch = new JsonArray(Step("test", "/metadata/resourceVersion", configuration.Metadata.ResourceVersion));
        for (var i = 0; i < configuration.Webhooks.Count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/webhooks/{i}/clientConfig/caBundle");
            patch.Add(Step("add", path, Convert.ToBase64String(bundle)));
        }

        try
        {
            await client.AdmissionregistrationV1.PatchValidatingWebhookConfigurationAsync(
                new V1Patch(patch.ToJsonString(), V1Patch.PatchType.JsonPatch),
                OperatorNames.WebhookConfiguration,
                fieldManager: OperatorNames.Operator,
                cancellationToken: ct);
            return true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode
            is HttpStatusCode.Conflict or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity)
        {
            return false;
        }
    }

    /// <summary>Tells the versions of the configuration that the server shows; ends when the server ends the watch.</summary>
    public async Task WatchConfigurationAsync(Action<string> seen, CancellationToken ct)
    {
        await foreach (var (type, configuration) in client.AdmissionregistrationV1.WatchListValidatingWebhookConfigurationAsync(
            fieldSelector: $"metadata.name={OperatorNames.WebhookConfiguration}", timeoutSeconds: WatchSeconds, cancellationToken: ct))
        {
            seen($"{type == WatchEventType.Deleted} {configuration.Metadata?.ResourceVersion}");
        }
    }

    public async Task WatchSecretAsync(Action<string> seen, CancellationToken ct)
    {
        await foreach (var (type, secret) in client.CoreV1.WatchListNamespacedSecretAsync(
            options.Namespace, fieldSelector: $"metadata.name={OperatorNames.AdmissionSecret}", timeoutSeconds: WatchSeconds, cancellationToken: ct))
        {
            seen($"{type == WatchEventType.Deleted} {secret.Metadata?.ResourceVersion}");
        }
    }

    private static JsonObject Step(string operation, string path, string value) => new() { ["op"] = operation, ["path"] = path, ["value"] = value };

    private static async Task<T?> OrNullAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private sealed record Found(JsonElement Object);
}
