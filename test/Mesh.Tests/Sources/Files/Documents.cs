// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.Tests.Sources.Files;

/// <summary>Small documents to put files together from.</summary>
internal static class Documents
{
    public static string Service(string name, int port = 80) => string.Create(CultureInfo.InvariantCulture, $"""
        apiVersion: v1
        kind: Service
        metadata:
          name: {name}
          namespace: shop
        spec:
          clusterIP: 127.96.0.10
          ports:
          - name: http
            port: {port}

        """);

    public static string Policy(string name, string timeout = "2s") => $"""
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata:
          name: {name}
          namespace: shop
        spec:
          targetRefs:
          - kind: Service
            name: cart
          timeouts:
            request: {timeout}

        """;

    public static string Join(params string[] documents) => string.Join("---\n", documents);
}
