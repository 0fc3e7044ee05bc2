// SPDX-License-Identifier: Apache-2.0
using System.Net;
using k8s.Autorest;
using Mesh.Operator.Kubernetes;
using Mesh.Testing;

namespace Mesh.Tests.Kubernetes;

internal sealed class ApiFailureTests
{
    [TestCase(HttpStatusCode.NotFound, ApiFailureKind.Gone)]
    [TestCase(HttpStatusCode.Conflict, ApiFailureKind.Conflict)]
    [TestCase(HttpStatusCode.Forbidden, ApiFailureKind.Forbidden)]
    [TestCase(HttpStatusCode.Unauthorized, ApiFailureKind.Unauthorized)]
    [TestCase(HttpStatusCode.UnprocessableEntity, ApiFailureKind.Invalid)]
    [TestCase(HttpStatusCode.TooManyRequests, ApiFailureKind.Throttled)]
    [TestCase(HttpStatusCode.BadGateway, ApiFailureKind.Unavailable)]
    public void Answer_has_its_meaning(HttpStatusCode code, object expected)
    {
        Assert.That(ApiFailure.Of(Answer(code, "")).Kind, Is.EqualTo(expected));
    }

    [Test]
    public void Message_is_what_the_server_says()
    {
        var failure = ApiFailure.Of(Answer(HttpStatusCode.Forbidden, """{"kind":"Status","message":"leases is forbidden"}"""));

        Assert.That(failure.Message, Is.EqualTo("leases is forbidden"));
        Assert.That(failure.Advice("get leases"), Is.EqualTo("; allow the operator to get leases"));
    }

    [TestCase("unable to create new content in namespace shop because it is being terminated", ExpectedResult = true)]
    [TestCase("events is forbidden", ExpectedResult = false)]
    public bool Namespace_that_ends_lacks_no_permission(string message) =>
        ApiFailure.Of(Answer(HttpStatusCode.Forbidden, $$"""{"kind":"Status","message":"{{message}}"}""")).IsOfTerminatingNamespace;

    [TestCase("404 page not found", ExpectedResult = "HTTP 404 404 page not found")]
    [TestCase("[1]", ExpectedResult = "HTTP 404 [1]")]
    public string Answer_that_is_no_status_is_told_as_it_is(string content) => ApiFailure.Of(Answer(HttpStatusCode.NotFound, content)).Message;

    [Test]
    public void Answer_that_is_a_whole_page_is_cut_to_one_line() =>
        Assert.That(ApiFailure.Of(Answer(HttpStatusCode.BadGateway, "<html>\n" + new string('a', 10_000))).Message, Is.EqualTo($"HTTP 502 <html> {new string('a', 505)}…"));

    [TestCase("7", 7)]
    [TestCase("0", 0)]
    [TestCase("-1", 0)]
    [TestCase("9999999", 60)]
    [TestCase("2147483647", 60)]
    [TestCase("99999999999999", 0)]
    public async Task Server_says_when_to_come_again_within_reason(string seconds, int expected)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = new StringContent("") };
        response.Headers.TryAddWithoutValidation("Retry-After", seconds);

        var failure = ApiFailure.Of(new HttpOperationException { Response = new HttpResponseMessageWrapper(response, "") });
        var watch = await WatchException.OfAsync(response, CancellationToken.None).WithTimeout();

        Assert.That((failure.RetryAfter, watch.RetryAfter), Is.EqualTo((TimeSpan.FromSeconds(expected), TimeSpan.FromSeconds(expected))));
    }

    [Test]
    public void Server_that_cannot_be_reached_is_unavailable()
    {
        Assert.That(ApiFailure.Of(new HttpRequestException("refused")), Is.EqualTo(new ApiFailure(ApiFailureKind.Unavailable, "refused")));
        Assert.That(ApiFailure.Of(new OperationCanceledException()).Message, Is.EqualTo("the API server did not answer in time"));
    }

    private static HttpOperationException Answer(HttpStatusCode code, string content)
    {
        using var response = new HttpResponseMessage(code);
        return new HttpOperationException { Response = new HttpResponseMessageWrapper(response, content) };
    }
}
