// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.KubeConfigModels;

namespace Mesh.Operator.Kubernetes;

/// <summary>Where the API server is and who the operator is to it.</summary>
internal sealed record ClusterAccess
{
    private const string PodToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    public required KubernetesClientConfiguration Configuration { get; init; }

    /// <summary>What a user does when the API server no longer takes the credentials.</summary>
    public required string Advice { get; init; }

    public static ClusterAccess Of(KubernetesOptions options) =>
        options.Kubeconfig is not null ? OfFile(new FileInfo(options.Kubeconfig))
        : KubernetesClientConfiguration.IsInCluster() ? OfPod()
        : OfVariable(Environment.GetEnvironmentVariable("KUBECONFIG"));

    /// <summary>The library knows all of a kubeconfig but <c>tokenFile</c>.</summary>
    public static ClusterAccess OfFile(FileInfo file)
    {
        var read = KubernetesClientConfiguration.LoadKubeConfig(file.FullName);
        if (UserOf(read) is not { } user || KubeconfigTokenFile.Find(file, user.Name) is not { } tokenFile)
        {
            return OfFixed(KubernetesClientConfiguration.BuildConfigFromConfigObject(read), file.FullName);
        }

        // Else it would say that there are no credentials.
        (user.UserCredentials ??= new UserCredentials()).Token = tokenFile;
        return OfToken(KubernetesClientConfiguration.BuildConfigFromConfigObject(read), tokenFile);
    }

    /// <summary>What KUBECONFIG lists, several of which the library merges as kubectl does, with paths of their own; else the file in the home folder.</summary>
    private static ClusterAccess OfVariable(string? variable) => (variable ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) switch
    {
        [] => OfFile(new FileInfo(KubernetesClientConfiguration.KubeConfigDefaultLocation)),
        [var one] => OfFile(new FileInfo(one)),
        _ => OfFixed(KubernetesClientConfiguration.BuildDefaultConfig(), $"KUBECONFIG={variable}"),
    };

    private static ClusterAccess OfFixed(KubernetesClientConfiguration configuration, string place) => new()
    {
        Configuration = configuration,
        Advice = $"put valid credentials into {place} and start the operator again",
    };

    private static ClusterAccess OfPod() => OfToken(KubernetesClientConfiguration.InClusterConfig(), PodToken);

    private static ClusterAccess OfToken(KubernetesClientConfiguration configuration, string path)
    {
        configuration.TokenProvider = new TokenFile(path);
        return new ClusterAccess
        {
            Configuration = configuration,
            Advice = $"put a valid token into {path} (kubelet does for a pod: does its service account still exist?); it is read for each request",
        };
    }

    private static User? UserOf(K8SConfiguration read)
    {
        var context = read.Contexts?.FirstOrDefault(context => string.Equals(context.Name, read.CurrentContext, StringComparison.OrdinalIgnoreCase));
        return read.Users?.FirstOrDefault(user => string.Equals(user.Name, context?.ContextDetails?.User, StringComparison.OrdinalIgnoreCase));
    }
}
