// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.NodeAgent.Binaries;

/// <summary>What a search for Envoy came to.</summary>
public abstract record EnvoyLookup
{
    private EnvoyLookup()
    {
    }

    public abstract T Match<T>(Func<EnvoyBinary, T> found, Func<ImmutableArray<string>, T> notFound, Func<string, T> invalid);

    public sealed record Found(EnvoyBinary Binary) : EnvoyLookup
    {
        public override T Match<T>(Func<EnvoyBinary, T> found, Func<ImmutableArray<string>, T> notFound, Func<string, T> invalid) => found(Binary);
    }

    /// <param name="LookedAt">One line per place, with what was wrong there.</param>
    public sealed record NotFound(ImmutableArray<string> LookedAt) : EnvoyLookup
    {
        public override T Match<T>(Func<EnvoyBinary, T> found, Func<ImmutableArray<string>, T> notFound, Func<string, T> invalid) => notFound(LookedAt);
    }

    /// <summary>A place that was named explicitly holds no usable Envoy: the next place is not tried, that would hide the mistake.</summary>
    public sealed record Invalid(string Message) : EnvoyLookup
    {
        public override T Match<T>(Func<EnvoyBinary, T> found, Func<ImmutableArray<string>, T> notFound, Func<string, T> invalid) => invalid(Message);
    }
}
