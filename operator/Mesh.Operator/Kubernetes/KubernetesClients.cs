// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using k8s.Exceptions;
using YamlDotNet.Core;

namespace Mesh.Operator.Kubernetes;

/// <summary>Makes the client of the API server.</summary>
public static class KubernetesClients
{
    /// <summary>
    /// The client for <paramref name="options"/>; an <see cref="IOException"/> that says what was looked at when there is no usable configuration.
    /// Nothing is connected yet.
    /// </summary>
    public static k8s.Kubernetes Create(KubernetesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Create(options, static _ => []);
    }

    /// <param name="options">Which cluster.</param>
    /// <param name="handlers">What sees each request, the outermost first.</param>
    internal static k8s.Kubernetes Create(KubernetesOptions options, Func<ClusterAccess, DelegatingHandler[]> handlers)
    {
        try
        {
            var access = ClusterAccess.Of(options);
            return new k8s.Kubernetes(access.Configuration, handlers(access));
        }
        catch (Exception e) when (e is KubeConfigException or IOException or YamlException or FormatException or CryptographicException)
        {
            throw new IOException($"{Source(options)}: {e.Message}; name a kubeconfig by --kubeconfig or KUBECONFIG", e);
        }
    }

    private static string Source(KubernetesOptions options) => options.Kubeconfig is { } file ? $"--kubeconfig {file}" : "no cluster to connect to";
}
