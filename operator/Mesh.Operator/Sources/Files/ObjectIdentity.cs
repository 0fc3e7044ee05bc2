// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KubeOps.Abstractions.Entities;
using Mesh.Crds.Kinds;
using Mesh.Operator.Sources.Yaml;

namespace Mesh.Operator.Sources.Files;

/// <summary>Which object a document speaks of.</summary>
internal abstract partial record ObjectIdentity
{
    private const string DefaultNamespace = "default";
    private const int LabelLength = 63;
    private const int SubdomainLength = 253;

    private ObjectIdentity()
    {
    }

    public static ObjectIdentity Of(TextDocument text)
    {
        if (text.Root is not JsonObject root)
        {
            return new Unclear("", "a document is a mapping with apiVersion, kind, metadata and what the kind has: this is none");
        }

        var (apiVersion, kind) = (Text(root, "apiVersion"), Text(root, "kind"));
        if (apiVersion is null || kind is null)
        {
            var missing = apiVersion is null ? "apiVersion" : "kind";
            return new Unclear(missing, $"{missing} is missing or no text: every object has apiVersion and kind, as in Kubernetes");
        }

        return KindCatalog.Find(apiVersion, kind) is { } entry
            ? OfKind(entry, root, text.OpenKey)
            : UnusedKinds.Explain(apiVersion, kind) is { } message ? new Unclear("kind", message) : new Foreign();
    }

    private static ObjectIdentity OfKind(KindEntry entry, JsonObject root, string? openKey)
    {
        if (root["metadata"] is not JsonObject metadata || Text(metadata, "name") is not { } name)
        {
            return new Unclear("metadata.name", "metadata.name is missing or no text: an object in a file needs a name of its own");
        }

        var isNamespaced = entry.Scope == EntityScope.Namespaced;
        var ns = !isNamespaced ? "" : metadata.ContainsKey("namespace") ? Text(metadata, "namespace") : DefaultNamespace;
        if (openKey == "metadata" && isNamespaced && !metadata.ContainsKey("namespace"))
        {
            return new Unclear("metadata", "metadata cannot be read to its end");
        }

        if (ns is null || (isNamespaced && !IsLabel(ns)))
        {
            return new Unclear("metadata.namespace", $"metadata.namespace must be {Words(isLabel: true)}");
        }

        var needsLabel = entry.Kind is "Namespace" or "Service";
        return (needsLabel ? IsLabel(name) : IsSubdomain(name))
            ? new Found(entry, new ObjectKey(entry.Kind, ns, name))
            : new Unclear("metadata.name", $"metadata.name must be {Words(needsLabel)}");
    }

    private static string? Text(JsonObject parent, string field) =>
        parent[field] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static bool IsLabel(string name) => name.Length <= LabelLength && !name.Contains('.', StringComparison.Ordinal) && IsSubdomain(name);

    private static bool IsSubdomain(string name) => name.Length <= SubdomainLength && Subdomain().IsMatch(name);

    private static string Words(bool isLabel) => isLabel
        ? $"at most {LabelLength} lower-case letters, digits and \"-\", with a letter or digit at both ends (RFC 1123 label)"
        : $"at most {SubdomainLength} lower-case letters, digits, \"-\" and \".\", with a letter or digit at both ends (RFC 1123 subdomain)";

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Subdomain();

    /// <summary>An object of ours.</summary>
    public sealed record Found(KindEntry Entry, ObjectKey Key) : ObjectIdentity
    {
        /// <summary>Puts the namespace that the key has into the document, as kubectl does.</summary>
        public void Complete(JsonObject root)
        {
            // Proof of "!": an object is found by its metadata.
            var metadata = root["metadata"]!.AsObject();
            if (Key.Namespace.Length == 0)
            {
                metadata.Remove("namespace");
            }
            else
            {
                metadata["namespace"] = Key.Namespace;
            }
        }
    }

    /// <summary>An object that is no concern of the mesh.</summary>
    public sealed record Foreign : ObjectIdentity;

    /// <summary>It cannot be told.</summary>
    public sealed record Unclear(string Path, string Message) : ObjectIdentity;
}
