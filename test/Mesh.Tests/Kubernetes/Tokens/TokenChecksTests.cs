// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Operator.Kubernetes.Tokens;
using Mesh.Testing.Kubernetes;

namespace Mesh.Tests.Kubernetes.Tokens;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TokenChecksTests : IDisposable
{
    private readonly ReviewServer server = new();

    private string Token => PodToken.Of(server.Time.GetUtcNow().AddHours(1));

    public void Dispose() => server.Dispose();

    [Test]
    public async Task Token_of_a_pod_tells_who_holds_it_and_until_when()
    {
        var until = server.Time.GetUtcNow().AddHours(1);

        Assert.That(await server.CheckAsync(Token), Is.EqualTo(new TokenVerdict.Good(new TokenHolder
        {
            Namespace = "mesh-system",
            Account = "mesh-node",
            Pod = "mesh-node-x",
            PodUid = "u1",
            Node = "n1",
            Until = until,
        })));
    }

    [TestCase("not.a.token")]
    [TestCase("x")]
    [TestCase("e30.W10.e30")]
    [TestCase("e30.eyJhdWQiOjV9.e30")]
    public async Task What_is_no_token_is_refused_without_a_question(string text)
    {
        Assert.That(await server.CheckAsync(text), Is.EqualTo(new TokenVerdict.Bad("What came is no token of a service account for the audience mesh-operator.")));
        Assert.That(server.Checks.Asked, Is.Zero);
    }

    [Test]
    public async Task Token_for_others_or_out_of_date_is_refused_without_a_question()
    {
        var now = server.Time.GetUtcNow();

        Assert.That(Problem(await server.CheckAsync(PodToken.Of(now.AddHours(1), audience: "vault"))), Does.Contain("for the audience mesh-operator"));
        Assert.That(Problem(await server.CheckAsync(PodToken.Of(now.AddSeconds(-1)))), Does.StartWith("The token expired at 2019-12-31 23:59:59Z"));
        Assert.That(Problem(await server.CheckAsync(PodToken.Of(now.AddSeconds(4)))), Does.StartWith("The token expired at"));
        Assert.That(Problem(await server.CheckAsync(PodToken.Of(DateTimeOffset.MinValue))), Does.StartWith("The token expired at 0001-01-01"));
        Assert.That(server.Checks.Asked, Is.Zero);
    }

    [TestCase("""{"authenticated": false, "error": "token has been invalidated: its pod is gone"}""", "does not vouch for the token: token has been invalidated: its pod is gone.")]
    [TestCase("""{"authenticated": true, "audiences": ["other"], "user": {"username": "system:serviceaccount:a:b"}}""", "it is not for the audience mesh-operator")]
    [TestCase("""{"authenticated": true, "audiences": ["mesh-operator"], "user": {"username": "admin"}}""", "one of \"admin\", which is no service account")]
    [TestCase("""{"authenticated": true, "audiences": ["mesh-operator"], "user": {"username": "system:serviceaccount:a:b"}}""", "service account a/b is bound to no pod")]
    public async Task Token_that_is_not_a_pods_is_refused(string status, string words)
    {
        server.Status = status;

        Assert.That(Problem(await server.CheckAsync(Token)), Does.Contain(words));
    }

    [Test]
    public async Task Good_token_is_asked_about_anew_when_the_answer_is_old()
    {
        await server.CheckAsync(Token);
        var token = Token;
        server.Time.Advance(TimeSpan.FromMinutes(4));
        await server.CheckAsync(token);
        Assert.That(server.Checks.Asked, Is.EqualTo(1));

        server.Time.Advance(TimeSpan.FromMinutes(2));
        server.Status = """{"authenticated": false, "error": "its pod is gone"}""";

        Assert.That(Problem(await server.CheckAsync(token)), Does.Contain("its pod is gone"));
        Assert.That(server.Checks.Asked, Is.EqualTo(2));
    }

    [Test]
    public async Task Bad_token_is_remembered_for_a_short_time()
    {
        server.Status = """{"authenticated": false, "error": "no"}""";
        var token = Token;
        await server.CheckAsync(token);
        await server.CheckAsync(token);
        Assert.That(server.Checks.Asked, Is.EqualTo(1));

        server.Time.Advance(TimeSpan.FromSeconds(11));
        server.Status = ReviewServer.Good();

        Assert.That(await server.CheckAsync(token), Is.TypeOf<TokenVerdict.Good>());
    }

    [Test]
    public async Task Same_token_at_the_same_time_is_one_question()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Held = held.Task;

        var checks = Enumerable.Range(0, 10).Select(_ => server.CheckAsync(Token)).ToList();
        held.SetResult();

        Assert.That(await Task.WhenAll(checks), Has.All.TypeOf<TokenVerdict.Good>());
        Assert.That(server.Checks.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task Who_gives_up_waiting_does_not_take_the_answer_from_others()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Held = held.Task;
        using var gone = new CancellationTokenSource();

        var first = server.Checks.CheckAsync(Token, "10.0.0.1", gone.Token);
        var second = server.CheckAsync(Token);
        await gone.CancelAsync();
        held.SetResult();

        await Assert.ThatAsync(() => first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await second, Is.TypeOf<TokenVerdict.Good>());
    }

    [Test]
    public async Task While_the_API_server_is_away_what_it_vouched_for_is_good_until_it_expires_and_nothing_else_is()
    {
        var token = Token;
        await server.CheckAsync(token);
        server.Status = null;
        server.Time.Advance(TimeSpan.FromMinutes(59));

        Assert.That(await server.CheckAsync(token), Is.TypeOf<TokenVerdict.Good>());
        Assert.That(await server.CheckAsync(Token), Is.EqualTo(new TokenVerdict.Unknown("The token could not be judged: Nobody is there. Come again later.")));
        server.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.That(Problem(await server.CheckAsync(token)), Does.StartWith("The token expired at"));
        Assert.That(server.Checks.Failed, Is.EqualTo(2));
        Assert.That(server.Logs.Count(static line => line.Contains("does not judge tokens", StringComparison.Ordinal)), Is.EqualTo(1));

        server.Status = ReviewServer.Good();
        Assert.That(await server.CheckAsync(Token), Is.TypeOf<TokenVerdict.Good>());
        Assert.That(server.Logs, Has.Some.EqualTo("Information The API server judges tokens again"));
    }

    [Test]
    public async Task Lack_of_the_right_to_ask_is_told_with_what_would_help()
    {
        server.Code = HttpStatusCode.Forbidden;

        Assert.That(await server.CheckAsync(Token), Is.TypeOf<TokenVerdict.Unknown>());
        Assert.That(server.Logs, Has.Some.Contains("allow the operator to create tokenreviews.authentication.k8s.io"));
    }

    [Test]
    public async Task API_server_that_answered_a_moment_ago_is_there_without_a_question()
    {
        await server.CheckAsync(Token);

        Assert.That(await server.Checks.IsThereAsync(CancellationToken.None), Is.True);
        Assert.That(server.Checks.Asked, Is.EqualTo(1));
        server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await server.Checks.IsThereAsync(CancellationToken.None), Is.True);
        Assert.That(server.Checks.Asked, Is.EqualTo(2));
        server.Time.Advance(TimeSpan.FromMinutes(1));
        server.Status = null;
        Assert.That(await server.Checks.IsThereAsync(CancellationToken.None), Is.False);
    }

    [Test]
    public async Task Client_that_shows_one_bad_token_after_the_other_is_asked_about_in_moderation_and_no_other_client_suffers()
    {
        server.Status = """{"authenticated": false, "error": "no"}""";
        var expiry = server.Time.GetUtcNow().AddHours(1);
        var verdicts = new List<TokenVerdict>();
        for (var i = 0; i < 200; i++)
        {
            verdicts.Add(await server.CheckAsync(PodToken.Of(expiry.AddSeconds(i))));
        }

        Assert.That(server.Checks.Asked, Is.EqualTo(101));
        Assert.That(verdicts[^1], Is.EqualTo(new TokenVerdict.Unknown("The token could not be judged: 10.0.0.1 has shown too many bad ones. Come again later.")));

        server.Status = ReviewServer.Good();
        var good = PodToken.Of(expiry.AddSeconds(-1));
        Assert.That(await server.CheckAsync(good, "10.0.0.2"), Is.TypeOf<TokenVerdict.Good>());
        Assert.That(await server.CheckAsync(good), Is.TypeOf<TokenVerdict.Good>(), "known by now");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await server.CheckAsync(PodToken.Of(expiry.AddSeconds(300))), Is.TypeOf<TokenVerdict.Good>());
    }

    [Test]
    public async Task Token_that_was_good_stays_so_beside_a_client_of_the_same_address_that_shows_bad_ones()
    {
        var expiry = server.Time.GetUtcNow().AddHours(1);
        var old = PodToken.Of(expiry);
        await server.CheckAsync(old);
        server.Time.Advance(TimeSpan.FromMinutes(6));
        server.Status = """{"authenticated": false, "error": "no"}""";
        for (var i = 1; i < 200; i++)
        {
            await server.CheckAsync(PodToken.Of(expiry.AddSeconds(i)));
        }

        var asked = server.Checks.Asked;
        Assert.That(await server.CheckAsync(old), Is.TypeOf<TokenVerdict.Good>());
        Assert.That(server.Checks.Asked, Is.EqualTo(asked));
    }

    [Test]
    public async Task No_token_is_logged()
    {
        server.Status = null;
        await server.CheckAsync(Token);

        Assert.That(server.Logs, Has.None.Contains(Token));
    }

    private static string Problem(TokenVerdict verdict) => verdict.Match(static holder => $"good: {holder}", static problem => problem, static problem => $"unknown: {problem}");
}
