// SPDX-License-Identifier: Apache-2.0
namespace Mesh.NodeAgent.Binaries;

/// <summary>Where to look for Envoy.</summary>
public sealed record EnvoySearch
{
    /// <summary>The value of <c>--envoy</c>.</summary>
    public string? Explicit { get; init; }

    /// <summary>The value of <c>ENVOY_BIN</c>.</summary>
    public string? EnvoyBin { get; init; }

    /// <summary>The value of <c>PATH</c>.</summary>
    public string? SearchPath { get; init; }

    /// <summary>The root of the checkout, or null when the program runs from elsewhere.</summary>
    public string? CheckoutRoot { get; init; }

    public static EnvoySearch FromEnvironment(string? envoyOption) =>
        new()
        {
            Explicit = envoyOption,
            EnvoyBin = Environment.GetEnvironmentVariable("ENVOY_BIN"),
            SearchPath = Environment.GetEnvironmentVariable("PATH"),
            CheckoutRoot = Checkout.FindRoot(Environment.CurrentDirectory) ?? Checkout.FindRoot(AppContext.BaseDirectory),
        };
}
