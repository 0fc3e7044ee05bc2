// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;

namespace Mesh.Operator.Kubernetes.Tokens;

/// <summary>Asks the API server about tokens (TokenReview), and reads its answer. It decides nothing that the answer does not say.</summary>
internal sealed class TokenReviews(IKubernetes client, TokenCheckOptions options, TimeProvider time)
{
    private const string AccountPrefix = "system:serviceaccount:";
    private const string PodName = "authentication.kubernetes.io/pod-name";
    private const string PodUid = "authentication.kubernetes.io/pod-uid";
    private const string NodeName = "authentication.kubernetes.io/node-name";

    /// <summary>Of whatever shape: an answer is an answer.</summary>
    private const string NoToken = "is-there-somebody";

    /// <summary>Fails with whatever exception the API server's absence makes.</summary>
    public async Task<TokenVerdict> AskAsync(string token, DateTimeOffset until, CancellationToken ct)
    {
        var status = await ReviewAsync(token, ct);
        return status.Authenticated == true && status.Audiences?.Contains(options.Audience) == true
            ? Holder(status.User, until)
            : new TokenVerdict.Bad($"The API server does not vouch for the token: {status.Error ?? $"it is not for the audience {options.Audience}"}.");
    }

    /// <summary>Asks something, to find out whether it answers.</summary>
    public async Task AskForAnswerAsync(CancellationToken ct) => await ReviewAsync(NoToken, ct);

    private static TokenVerdict Holder(V1UserInfo user, DateTimeOffset until)
    {
        var account = (user.Username ?? "").StartsWith(AccountPrefix, StringComparison.Ordinal) ? user.Username![AccountPrefix.Length..].Split(':') : [];
        if (account is not [var space, var name])
        {
            return new TokenVerdict.Bad($"The token is one of \"{user.Username}\", which is no service account; a token of a pod's service account is needed.");
        }

        return Extra(user, PodName) is { } pod && Extra(user, PodUid) is { } uid
            ? new TokenVerdict.Good(new TokenHolder { Namespace = space, Account = name, Pod = pod, PodUid = uid, Node = Extra(user, NodeName), Until = until })
            : new TokenVerdict.Bad($"The token of service account {space}/{name} is bound to no pod; mount one by a projected volume (serviceAccountToken).");
    }

    private static string? Extra(V1UserInfo user, string key) => user.Extra is { } extra && extra.TryGetValue(key, out var values) && values is [var only] ? only : null;

    private async Task<V1TokenReviewStatus> ReviewAsync(string token, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(options.RequestLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        var review = new V1TokenReview { Spec = new V1TokenReviewSpec { Token = token, Audiences = [options.Audience] } };
        return (await client.AuthenticationV1.CreateTokenReviewAsync(review, cancellationToken: both.Token)).Status;
    }
}
