// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Crds.Access;
using Mesh.Operator.Admission;
using Mesh.Operator.Sources;
using Mesh.Testing;
using Mesh.Testing.Builders;
using Mesh.Testing.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Tests.Admission;

/// <summary>Whatever comes over the wire gets an answer.</summary>
internal sealed class AdmissionEndpointTests
{
    private static readonly AdmissionOptions Options =
        new() { Listen = new IPEndPoint(IPAddress.Loopback, 0), Namespace = OperatorNames.Namespace, Patience = Timeouts.Default };

    private static readonly string[] Fragments =
    [
        "null", "true", "-1", "1e400", "99999999999999999999", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[null]", "[[[]]]", "{\"a\":1,\"a\":2}", "{\"\\ud800\":1}",
        "\"Namespace\"", "\"RegularExpression\"", "\"" + new string('(', 3000) + "\"", "{\"name\":{\"name\":[1]}}", new string('[', 70) + new string(']', 70),
    ];

    [Test]
    public async Task Refusal_names_fields_for_kubectl_and_in_its_message()
    {
        var invalid = InvalidObjects.All.First(one => one.Name == "host set");

        var (status, body) = await PostAsync(Reviews.Body(Reviews.Create(invalid.Document)).ToJsonString());

        var response = JsonNode.Parse(body)?["response"];
        Assert.That(status, Is.EqualTo(200));
        Assert.That(response?["uid"]?.GetValue<string>(), Is.EqualTo("u-1"));
        Assert.That(response?["allowed"]?.GetValue<bool>(), Is.False);
        Assert.That(response?["status"]?["message"]?.GetValue<string>(), Does.StartWith(invalid.Path).And.Contain(invalid.Words));
        Assert.That(response?["status"]?["details"]?["causes"]?[0]?["field"]?.GetValue<string>(), Is.EqualTo(invalid.Path));
    }

    [Test]
    public async Task Effects_are_warnings()
    {
        var (_, body) = await PostAsync(Reviews.Body(Reviews.Create(PolicyCases.All[0].Document())).ToJsonString());

        var response = JsonNode.Parse(body)?["response"];
        Assert.That(response?["allowed"]?.GetValue<bool>(), Is.True);
        Assert.That(response?["warnings"]?[0]?.GetValue<string>(), Is.EqualTo("spec.targetRefs[0].name: Service default/cart does not exist"));
    }

    /// <summary>A mesh that is half read lacks what is there.</summary>
    [Test]
    public async Task Nothing_is_said_of_others_before_they_have_been_read()
    {
        var (_, body) = await PostAsync(Reviews.Body(Reviews.Create(PolicyCases.All[0].Document())).ToJsonString(), new GivenSource(isSynced: false));

        Assert.That(JsonNode.Parse(body)?["response"]?["warnings"], Is.Null);
    }

    [Test]
    public async Task What_takes_too_long_is_let_through_with_a_word()
    {
        var body = Reviews.Body(Reviews.Create(PolicyCases.All[0].Document())).ToJsonString();

        var (_, answer) = await PostAsync(body, options: Options with { Patience = TimeSpan.Zero });

        Assert.That(JsonNode.Parse(answer)?["response"]?["allowed"]?.GetValue<bool>(), Is.True);
        Assert.That(answer, Does.Contain("could not judge this TrafficPolicy").Or.Contain("was not worked out"));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}")]
    [TestCase("{\"apiVersion\":\"admission.k8s.io/v1beta1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"a\",\"kind\":{\"kind\":\"Mesh\"}}}")]
    [TestCase("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"a\",\"uid\":\"b\",\"kind\":{\"kind\":\"Mesh\"}}}")]
    public async Task What_is_no_review_is_refused_with_what_one_is(string body)
    {
        var (status, text) = await PostAsync(body);

        Assert.That(status, Is.EqualTo(400));
        Assert.That(text, Does.StartWith("the body is no"));
    }

    [Test]
    public async Task Body_beyond_all_reason_is_not_read()
    {
        var (status, _) = await PostAsync(new string(' ', AdmissionEndpoint.LargestBody + 1));

        Assert.That(status, Is.EqualTo(413));
    }

    /// <summary>An object may be wrong in more places than anybody reads, or has room for.</summary>
    [Test]
    public void Refusals_beyond_reading_are_counted()
    {
        var many = new AdmissionAnswer([.. Enumerable.Range(0, 50).Select(i => new Refusal($"spec.a[{i}]", "is wrong"))], []);

        var status = JsonNode.Parse(AdmissionReviews.Write(Reviews.Create(PolicyCases.All[0].Document()), many))?["response"]?["status"];

        Assert.That(status?["message"]?.GetValue<string>(), Does.StartWith("spec.a[0]: is wrong; ").And.EndWith("spec.a[19]: is wrong; and 30 more"));
        Assert.That(status?["details"]?["causes"]?.AsArray(), Has.Count.EqualTo(20));
    }

    [Test]
    public void Warning_is_one_line_that_reads_as_it_is_written()
    {
        var strange = new AdmissionAnswer([], ["a\nb\u202ec\0d"]);

        var response = JsonNode.Parse(AdmissionReviews.Write(Reviews.Create(PolicyCases.All[0].Document()), strange))?["response"];

        Assert.That(response?["warnings"]?[0]?.GetValue<string>(), Is.EqualTo("a b c d"));
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("application/vnd.kubernetes.protobuf")]
    [TestCase("")]
    public async Task Body_of_another_type_is_not_read(string type)
    {
        var (status, text) = await PostAsync("{}", type: type);

        Assert.That(status, Is.EqualTo(415));
        Assert.That(text, Does.Contain("application/json"));
    }

    [Test]
    public void Requests_hold_no_more_than_they_may_together()
    {
        var budget = new RequestBudget(mostRequests: 2, mostBytes: 10);

        Assert.That((budget.TryEnter(), budget.TryEnter(), budget.TryEnter()), Is.EqualTo((true, true, false)));
        Assert.That((budget.TryTake(8), budget.TryTake(3), budget.TryTake(2)), Is.EqualTo((true, false, true)));
        budget.Leave(8);
        Assert.That((budget.TryEnter(), budget.TryTake(9), budget.TryTake(8)), Is.EqualTo((true, false, true)));
    }

    [Test]
    public void Mutated_review_gets_an_answer()
    {
        var seeds = InvalidObjects.All.Select(invalid => Reviews.Body(Reviews.Create(invalid.Document)).ToJsonString())
            .Concat(PolicyCases.All.Select(policy => Reviews.Body(Reviews.Update(policy.Document(), policy.Document())).ToJsonString()))
            .ToArray();
        var mutations = from seed in Gen.Elements(seeds)
                        from places in Gen.Choose(0, 300).Zip(Gen.Elements(Fragments)).ListOf(3)
                        from cut in Gen.Choose(0, 20)
                        select Cut(Mutate(seed, places), cut);

        Prop.ForAll(mutations.ToArbitrary(), body => IsAnswered(PostAsync(body).WithTimeout().GetAwaiter().GetResult()))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static bool IsAnswered((int Status, string Body) answer) =>
        answer.Status == 400 || (answer.Status == 200 && JsonNode.Parse(answer.Body)?["response"]?["allowed"] is not null && !answer.Body.Contains("a bug", StringComparison.Ordinal));

    private static string Cut(string body, int cut) => cut == 0 ? body[..(body.Length / 2)] : body;

    /// <summary>Puts fragments in the place of what begins at some colon.</summary>
    private static string Mutate(string body, IEnumerable<(int Place, string Fragment)> changes)
    {
        foreach (var (place, fragment) in changes)
        {
            var colons = Enumerable.Range(0, body.Length).Where(i => body[i] == ':').ToArray();
            if (colons.Length == 0)
            {
                return body;
            }

            var at = colons[place % colons.Length] + 1;
            var end = at < body.Length && body[at] is '"' ? body.IndexOf('"', at + 1) + 1 : at;
            body = end <= at ? body.Insert(at, fragment + ",\"x\":") : body[..at] + fragment + body[end..];
        }

        return body;
    }

    private static async Task<(int Status, string Body)> PostAsync(string body, GivenSource? source = null, AdmissionOptions? options = null, string type = "application/json")
    {
        var store = new ResourceStore();
        store.Apply(Make.Service("shop/cart", "10.96.0.10", "80:http"));
        using var reviewer = new AdmissionReviewer(store, source ?? new GivenSource(isSynced: true), options ?? Options, TimeProvider.System, NullLogger<AdmissionReviewer>.Instance);
        var endpoint = new AdmissionEndpoint(reviewer, TimeProvider.System, NullLogger<AdmissionEndpoint>.Instance);
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext
        {
            Request = { Method = "POST", Path = OperatorNames.AdmissionPath, ContentType = type, Body = new MemoryStream(Encoding.UTF8.GetBytes(body)) },
            Response = { Body = answer },
        };

        await endpoint.HandleAsync(context).WithTimeout();

        return (context.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()));
    }

    private sealed class GivenSource(bool isSynced) : IResourceSource
    {
        public Task Synced { get; } = isSynced ? Task.CompletedTask : new TaskCompletionSource().Task;

        public Task RunAsync(ResourceStore store, CancellationToken ct) => Task.CompletedTask;
    }
}
