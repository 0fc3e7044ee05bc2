// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes.Tokens;

/// <summary>What is known of a token.</summary>
public abstract record TokenVerdict
{
    private TokenVerdict()
    {
    }

    public abstract T Match<T>(Func<TokenHolder, T> good, Func<string, T> bad, Func<string, T> unknown);

    /// <param name="Holder">Whose it is.</param>
    public sealed record Good(TokenHolder Holder) : TokenVerdict
    {
        public override T Match<T>(Func<TokenHolder, T> good, Func<string, T> bad, Func<string, T> unknown) => good(Holder);
    }

    /// <param name="Problem">What is wrong with it, and what would be right.</param>
    public sealed record Bad(string Problem) : TokenVerdict
    {
        public override T Match<T>(Func<TokenHolder, T> good, Func<string, T> bad, Func<string, T> unknown) => bad(Problem);
    }

    /// <param name="Problem">Why the API server did not say.</param>
    public sealed record Unknown(string Problem) : TokenVerdict
    {
        public override T Match<T>(Func<TokenHolder, T> good, Func<string, T> bad, Func<string, T> unknown) => unknown(Problem);
    }
}
