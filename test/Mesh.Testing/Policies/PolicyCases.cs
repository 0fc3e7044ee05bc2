// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Testing.Policies;

/// <summary>Policies that the schema must take, and ones that it must refuse.</summary>
internal static class PolicyCases
{
    private const string Service = """{"kind":"Service","name":"cart"}""";
    private const string Route = """{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"cart"}""";

    public static IReadOnlyList<PolicyCase> All { get; } = [.. Valid(), .. InvalidTypes(), .. InvalidValues(), .. BrokenRules(), .. BrokenRoutes()];

    private static IEnumerable<PolicyCase> Valid()
    {
        yield return Good("retries with their defaults", OnService("""{"retries":{}}"""));
        yield return Good("every feature at once", OnService("""
            {"timeouts":{"request":"10s","streamIdle":"5m","maxStreamDuration":"0s","connect":"250ms"},
             "retries":{"attempts":0,"retryOn":["Reset","GrpcInternal"],"statusCodes":[503],"perTryTimeout":"1s",
                "backoff":{"base":"10ms","maximum":"1s"},"budget":{"percent":10,"minimumConcurrency":1}},
             "loadBalancing":{"algorithm":"RingHash","minimumRingSize":64,"hashOn":[{"type":"Cookie","name":"sid","cookieTTL":"1h"},{"type":"SourceAddress"}]},
             "connectionLimits":{"maxConnections":1},
             "outlierDetection":{"consecutive5xx":3},
             "faultInjection":{"delay":{"duration":"1s","percent":0.5},"abort":{"grpcStatus":14}}}
            """));
        yield return Good("a duration in any order and with equal units", OnService("""{"timeouts":{"request":"1s1s30m1h"}}"""));
        yield return Good("a whole number written with a fraction", OnService("""{"retries":{"attempts":3.0}}"""));
        yield return Good("null means not given", OnService("""{"retries":{"attempts":null,"budget":null}}"""));
        yield return Good("two sections of one service", On("""{"kind":"Service","name":"cart","sectionName":"http"},{"kind":"Service","name":"cart"}""",
            """{"retries":{}}"""));
        yield return Good("rules without matches", OnService("""{"rules":[{"backendRefs":[{"name":"cart-v2","port":80}]}]}"""));
        yield return Good("a prefix replaced", OnService("""
            {"rules":[{"matches":[{"path":{"value":"/a"}}],"backendRefs":[{"name":"b","port":80}],
             "filters":[{"type":"URLRewrite","urlRewrite":{"path":{"type":"ReplacePrefixMatch","replacePrefixMatch":"/b"}}}]}]}
            """));
    }

    private static IEnumerable<PolicyCase> InvalidTypes()
    {
        yield return Bad("number in quotes", OnService("""{"retries":{"attempts":"3"}}"""), "spec.retries.attempts", "did you mean 3 without quotes?");
        yield return Bad("duration as number", OnService("""{"timeouts":{"request":10}}"""), "spec.timeouts.request", "did you mean \"10s\"?");
        yield return Bad("object for list", """{"targetRefs":{"kind":"Service","name":"cart"},"retries":{}}""", "spec.targetRefs", "must be a list");
        yield return Bad("list for object", OnService("""{"retries":[]}"""), "spec.retries", "must be an object, is a list");
        yield return Bad("fraction for integer", OnService("""{"retries":{"attempts":1.5}}"""), "spec.retries.attempts", "must be an integer");
        yield return Bad("more than 32 bits", OnService("""{"retries":{"attempts":4294967296}}"""), "spec.retries.attempts", "too large");
        yield return Bad("more than 64 bits", OnService("""{"retries":{"attempts":99999999999999999999}}"""), "spec.retries.attempts", "too large");
        yield return Bad("null in a list", OnService("""{"retries":{"retryOn":[null]}}"""), "spec.retries.retryOn[0]", "is empty");
        yield return Bad("misspelt field", OnService("""{"retries":{"attemps":3}}"""), "spec.retries.attemps", "did you mean attempts?");
        yield return Bad("unknown field", OnService("""{"retries":{},"circuitBreaker":{}}"""), "spec.circuitBreaker", "unknown field");
        yield return Bad("missing name", """{"targetRefs":[{"kind":"Service"}],"retries":{}}""", "spec.targetRefs[0].name", "is required");
        yield return Bad("no targets", """{"targetRefs":[],"retries":{}}""", "spec.targetRefs", "must not be empty");
        yield return Bad("targets left out", """{"retries":{}}""", "spec.targetRefs", "is required");
    }

    private static IEnumerable<PolicyCase> InvalidValues()
    {
        yield return Bad("too many attempts", OnService("""{"retries":{"attempts":11}}"""), "spec.retries.attempts", "must be from 0 to 10, is 11");
        yield return Bad("share above 100", OnService("""{"faultInjection":{"abort":{"httpStatus":503,"percent":100.5}}}"""),
            "spec.faultInjection.abort.percent", "must be from 0 to 100");
        yield return Bad("duration with fraction", OnService("""{"timeouts":{"request":"1.5s"}}"""), "spec.timeouts.request", "no fractions");
        yield return Bad("duration without unit", OnService("""{"timeouts":{"request":"5"}}"""), "spec.timeouts.request", "did you mean \"5s\"?");
        yield return Bad("duration of five parts", OnService("""{"timeouts":{"request":"1h1m1s1ms1s"}}"""), "spec.timeouts.request", "is no duration");
        yield return Bad("duration and a line's end", OnService("""{"timeouts":{"request":"5s\n"}}"""), "spec.timeouts.request", "is no duration");
        yield return Bad("algorithm in wrong case", OnService("""{"loadBalancing":{"algorithm":"maglev"}}"""), "spec.loadBalancing.algorithm", "did you mean Maglev?");
        yield return Bad("unknown kind of target", On("""{"kind":"Deployment","name":"cart"}""", """{"retries":{}}"""), "spec.targetRefs[0].kind", "must be one of Service");
        yield return Bad("header name with blank", OnService("""{"loadBalancing":{"algorithm":"Maglev","hashOn":[{"type":"Header","name":"x y"}]}}"""),
            "spec.loadBalancing.hashOn[0].name", "token characters");
        yield return Bad("one status twice", OnService("""{"retries":{"statusCodes":[503,503]}}"""), "spec.retries.statusCodes[1]", "given twice");
        yield return Bad("status out of range", OnService("""{"retries":{"statusCodes":[200]}}"""), "spec.retries.statusCodes[0]", "must be from 400 to 599");
    }

    private static IEnumerable<PolicyCase> BrokenRules()
    {
        yield return Bad("no feature", OnService("{}"), "spec", "at least one feature");
        yield return Bad("one target twice", On($"{Service},{Service}", """{"retries":{}}"""), "spec.targetRefs", "named twice");
        yield return Bad("group of a route missing", On("""{"kind":"HTTPRoute","name":"cart"}""", """{"retries":{}}"""), "spec.targetRefs[0]", "group must be");
        yield return Bad("cluster feature on a route", On(Route, """{"loadBalancing":{}}"""), "spec", "target the Service");
        yield return Bad("budget on a route", On(Route, """{"retries":{"budget":{}}}"""), "spec", "target the Service");
        yield return Bad("rules on a namespace", On("""{"kind":"Namespace","name":"default"}""", """{"rules":[{}]}"""), "spec", "rules need targets");
        yield return Bad("section of a namespace", On("""{"kind":"Namespace","name":"default","sectionName":"x"}""", """{"retries":{}}"""),
            "spec.targetRefs[0]", "no sections");
        yield return Bad("hash without hashing", OnService("""{"loadBalancing":{"hashOn":[{"type":"SourceAddress"}]}}"""), "spec.loadBalancing", "RingHash or Maglev");
        yield return Bad("both statuses", OnService("""{"faultInjection":{"abort":{"httpStatus":503,"grpcStatus":14}}}"""),
            "spec.faultInjection.abort", "either httpStatus or grpcStatus");
        yield return Bad("connect timeout of zero", OnService("""{"timeouts":{"connect":"0s"}}"""), "spec.timeouts.connect", "longer than 0s");
        yield return Bad("backoff upside down", OnService("""{"retries":{"backoff":{"base":"1s","maximum":"999ms"}}}"""), "spec.retries.backoff", "must not be less");
    }

    private static IEnumerable<PolicyCase> BrokenRoutes()
    {
        yield return Bad("backend without port", InRule("""{"backendRefs":[{"name":"b"}]}"""), "spec.rules[0].backendRefs[0]", "port is needed");
        yield return Bad("relative path", InRule("""{"matches":[{"path":{"value":"a"}}]}"""), "spec.rules[0].matches[0].path", "must start with");
        yield return Bad("path with query", InRule("""{"matches":[{"path":{"value":"/a?b"}}]}"""), "spec.rules[0].matches[0].path", "RFC 3986");
        yield return Bad("header twice", InRule("""{"matches":[{"headers":[{"name":"a","value":"1"},{"name":"a","value":"2"}]}]}"""),
            "spec.rules[0].matches[0].headers[1]", "same name");
        yield return Bad("filter without its part", InRule("""{"filters":[{"type":"URLRewrite"}]}"""), "spec.rules[0].filters[0]", "urlRewrite belongs to");
        yield return Bad("filter not supported", InRule("""{"filters":[{"type":"CORS"}]}"""), "spec.rules[0].filters[0].type", "not supported by this mesh");
        yield return Bad("retry not supported", InRule("""{"retry":{"attempts":1}}"""), "spec.rules[0].retry", "not supported by this mesh: set spec.retries");
        yield return Bad("redirect with backend", InRule("""
            {"filters":[{"type":"RequestRedirect","requestRedirect":{"port":80}}],"backendRefs":[{"name":"b","port":80}]}
            """), "spec.rules[0]", "must not have backendRefs");
        yield return Bad("prefix replaced without prefix", InRule("""
            {"matches":[{"path":{"type":"Exact","value":"/a"}}],
             "filters":[{"type":"URLRewrite","urlRewrite":{"path":{"type":"ReplacePrefixMatch","replacePrefixMatch":"/b"}}}]}
            """), "spec.rules[0]", "exactly one match");
        yield return Bad("redirect status", InRule("""{"filters":[{"type":"RequestRedirect","requestRedirect":{"statusCode":300}}]}"""),
            "spec.rules[0].filters[0].requestRedirect.statusCode", "must be 301");
        var matches = string.Join(',', Enumerable.Repeat("""{"method":"GET"}""", 65));
        yield return Bad("too many matches", InRule($$"""{"matches":[{{matches}}]}"""), "spec.rules[0].matches", "at most 64 elements, has 65");
    }

    private static PolicyCase Good(string name, string spec) => new(name, spec, Path: null, Message: "");

    private static PolicyCase Bad(string name, string spec, string path, string message) => new(name, spec, path, message);

    private static string OnService(string features) => On(Service, features);

    private static string InRule(string rule) => OnService($$"""{"rules":[{{rule}}]}""");

    private static string On(string targets, string features)
    {
        var rest = features.Trim()[1..^1];
        return $$"""{"targetRefs":[{{targets}}]{{(rest.Trim().Length == 0 ? "" : ",")}}{{rest}}}""";
    }
}
