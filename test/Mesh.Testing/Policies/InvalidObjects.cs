// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Mesh.Testing.Policies;

/// <summary>Objects that an API server with our CRDs and our webhook must refuse, each with words that help.</summary>
internal static class InvalidObjects
{
    private const string ServiceTarget = """{"kind":"Service","name":"cart"}""";

    /// <summary>What the API server says of its own accord, where file mode has other words than a CEL rule of the CRD.</summary>
    private static readonly Dictionary<string, string> WordsOfTheApiServer = new(StringComparer.Ordinal)
    {
        ["number in quotes"] = "must be of type integer",
        ["duration as number"] = "must be of type string",
        ["object for list"] = "unknown field",
        ["list for object"] = "must be of type object",
        ["fraction for integer"] = "must be of type integer",
        ["more than 32 bits"] = "should be less than or equal to 10",
        ["more than 64 bits"] = "must be of type integer",
        ["null in a list"] = "must be of type string",
        ["misspelt field"] = "unknown field",
        ["unknown field"] = "unknown field",
        ["missing name"] = "Required value",
        ["no targets"] = "should have at least 1 items",
        ["targets left out"] = "Required value",
        ["too many attempts"] = "should be less than or equal to 10",
        ["share above 100"] = "should be less than or equal to 100",
        ["duration with fraction"] = "must be a duration such as",
        ["duration without unit"] = "must be a duration such as",
        ["duration of five parts"] = "must be a duration such as",
        ["duration and a line's end"] = "must be a duration such as",
        ["algorithm in wrong case"] = "supported values: \"LeastRequest\"",
        ["unknown kind of target"] = "supported values: \"Service\"",
        ["header name with blank"] = "should match",
        ["one status twice"] = "Duplicate value",
        ["status out of range"] = "should be greater than or equal to 400",
        ["header twice"] = "Duplicate value",
        ["filter not supported"] = "supported values: \"RequestHeaderModifier\"",
        ["retry not supported"] = "unknown field",
        ["too many matches"] = "must have at most 64 items",
    };

    public static IReadOnlyList<InvalidObject> All { get; } =
        [.. PolicyCases.All.Where(policy => policy.Path is not null).Select(Of), .. Expressions(), .. Headers(), .. Others(), .. Meshes()];

    private static InvalidObject Of(PolicyCase policy) =>
        new(policy.Name, policy.Document(), policy.Path ?? "", WordsOfTheApiServer.GetValueOrDefault(policy.Name) ?? policy.Message, IsByWebhook: false);

    private static IEnumerable<InvalidObject> Expressions()
    {
        yield return InPath("expression without end", "(", "is not a regular expression");
        yield return InPath("look-ahead", "/(?=a)", "RE2, the syntax of expressions here, has none");
        yield return InPath("back reference", @"/(a)\\1", "RE2, the syntax of expressions here, has none");
        yield return InPath("thousand and one times", "/a{1001}", "repeats more than 1000 times");
        yield return InPath("thousands of times, in levels", "/(a{100}){11}", "repeats more than 1000 times");
        yield return InPath("anchor of another syntax", @"/a\\Z", "is not known to RE2");
        yield return InPath("two groups of one name", "/(?P<a>x)(?P<a>y)", "wants different names");
        yield return InRule("expression for a header", """{"matches":[{"headers":[{"type":"RegularExpression","name":"a","value":"["}]}]}""",
            "matches[0].headers[0].value", "is not a regular expression");
        yield return InRule("expression for a parameter", """{"matches":[{"queryParams":[{"type":"RegularExpression","name":"a","value":"*"}]}]}""",
            "matches[0].queryParams[0].value", "is not a regular expression");
    }

    private static IEnumerable<InvalidObject> Headers()
    {
        yield return InRule("host set", Modifier("""{"set":[{"name":"Host","value":"x.org"}]}"""),
            "filters[0].requestHeaderModifier.set[0].name", "use a URLRewrite filter with hostname");
        yield return InRule("length added", Modifier("""{"add":[{"name":"content-length","value":"0"}]}"""),
            "filters[0].requestHeaderModifier.add[0].name", "the proxy keeps it true");
        yield return InRule("connection removed", Modifier("""{"remove":["connection"]}"""),
            "filters[0].requestHeaderModifier.remove[0]", "the proxy makes it");
        yield return InRule("path as header", Modifier("""{"remove":[":path"]}"""),
            "filters[0].requestHeaderModifier.remove[0]", "changed by a URLRewrite filter");
        yield return InRule("no header's name", Modifier("""{"remove":["a b"]}"""), "filters[0].requestHeaderModifier.remove[0]", "is not a header name");
        yield return InRule("two lines in a header", Modifier("""{"set":[{"name":"a","value":"b\nc"}]}"""),
            "filters[0].requestHeaderModifier.set[0].value", "U+000A, which a header value cannot carry");
        yield return InRule("encoding of the answer",
            """{"filters":[{"type":"ResponseHeaderModifier","responseHeaderModifier":{"set":[{"name":"transfer-encoding","value":"x"}]}}]}""",
            "filters[0].responseHeaderModifier.set[0].name", "the proxy makes it");
        yield return InRule("two lines in a match", """{"matches":[{"headers":[{"name":"a","value":"b\nc"}]}]}""",
            "matches[0].headers[0].value", "which a header value cannot carry");
        yield return InRule("host set for a backend",
            """{"backendRefs":[{"name":"b","port":80,"filters":[{"type":"RequestHeaderModifier","requestHeaderModifier":{"set":[{"name":"host","value":"x"}]}}]}]}""",
            "backendRefs[0].filters[0].requestHeaderModifier.set[0].name", "use a URLRewrite filter with hostname");
    }

    private static IEnumerable<InvalidObject> Others()
    {
        yield return InRule("rewrite for a backend", """{"backendRefs":[{"name":"b","port":80,"filters":[{"type":"URLRewrite","urlRewrite":{"hostname":"x.org"}}]}]}""",
            "backendRefs[0].filters[0].type", "put it on the rule");
        yield return InRule("redirect for a backend", """{"backendRefs":[{"name":"b","port":80,"filters":[{"type":"RequestRedirect","requestRedirect":{"port":80}}]}]}""",
            "backendRefs[0].filters[0].type", "put it on the rule");
        yield return InRule("mirror for a backend",
            """{"backendRefs":[{"name":"b","port":80,"filters":[{"type":"RequestMirror","requestMirror":{"backendRef":{"name":"c","port":80}}}]}]}""",
            "backendRefs[0].filters[0].type", "put it on the rule");
        yield return InRule("backend of another kind", """{"backendRefs":[{"group":"apps","kind":"Deployment","name":"b"}]}""",
            "backendRefs[0].kind", "must be a Service");
        yield return InRule("mirror to another kind", """{"filters":[{"type":"RequestMirror","requestMirror":{"backendRef":{"group":"apps","kind":"Deployment","name":"b"}}}]}""",
            "filters[0].requestMirror.backendRef.kind", "must be a Service");
        yield return InRule("relative redirect", Redirect("new"), "filters[0].requestRedirect.path.replaceFullPath", "must start with \"/\"");
        yield return InRule("redirect with fragment", Redirect("/a#b"), "filters[0].requestRedirect.path.replaceFullPath", "must not contain \"#\"");
        yield return InRule("rewrite with blank",
            """{"filters":[{"type":"URLRewrite","urlRewrite":{"path":{"type":"ReplaceFullPath","replaceFullPath":"/a b"}}}]}""",
            "filters[0].urlRewrite.path.replaceFullPath", "must not contain spaces");
        yield return new InvalidObject("namespace of others", Policy("""{"targetRefs":[{"kind":"Namespace","name":"kube-system"}],"retries":{}}"""),
            "spec.targetRefs[0].name", "its own Namespace only, which is \"default\"", IsByWebhook: true);
    }

    private static IEnumerable<InvalidObject> Meshes()
    {
        yield return Mesh("second mesh", "{}", "", "there is one Mesh, and its name is \"default\"", "other");
        yield return Mesh("no range", """{"podCIDRs":["10.0.0.0/33"]}""", "spec.podCIDRs[0]", "must be of type cidr");
        yield return Mesh("no ranges", """{"serviceCIDRs":[]}""", "spec.serviceCIDRs", "should have at least 1 items");
        yield return Mesh("unknown mode", """{"outboundTraffic":"Refuse"}""", "spec.outboundTraffic", "supported values: \"Passthrough\", \"Block\"");
        yield return Mesh("defaults out of range", """{"defaults":{"retries":{"attempts":11}}}""", "spec.defaults.retries.attempts", "should be less than or equal to 10");
        yield return Mesh("defaults without unit", """{"defaults":{"timeouts":{"request":"5"}}}""", "spec.defaults.timeouts.request", "must be a duration such as");
        yield return Mesh("defaults that do not fit", """{"defaults":{"loadBalancing":{"minimumRingSize":8}}}""", "spec.defaults.loadBalancing", "needs algorithm RingHash");
        yield return Mesh("fault for all", """{"defaults":{"faultInjection":{}}}""", "spec.defaults.faultInjection", "unknown field");
    }

    private static InvalidObject InPath(string name, string expression, string words) => InRule(
        name, $$$"""{"matches":[{"path":{"type":"RegularExpression","value":"{{{expression}}}"}}]}""", "matches[0].path.value", words);

    private static InvalidObject InRule(string name, string rule, string path, string words) =>
        new(name, Policy($$"""{"targetRefs":[{{ServiceTarget}}],"rules":[{{rule}}]}"""), $"spec.rules[0].{path}", words, IsByWebhook: true);

    private static string Modifier(string change) => $$"""{"filters":[{"type":"RequestHeaderModifier","requestHeaderModifier":{{change}}}]}""";

    private static string Redirect(string path) =>
        $$$$"""{"filters":[{"type":"RequestRedirect","requestRedirect":{"path":{"type":"ReplaceFullPath","replaceFullPath":"{{{{path}}}}"}}}]}""";

    private static JsonObject Policy(string spec) => new PolicyCase("", spec, Path: null, Message: "").Document();

    private static InvalidObject Mesh(string name, string spec, string path, string words, string objectName = "default") => new(
        name,
        new JsonObject
        {
            ["apiVersion"] = "mesh.operator.dev/v1alpha1",
            ["kind"] = "Mesh",
            ["metadata"] = new JsonObject { ["name"] = objectName },
            ["spec"] = JsonNode.Parse(spec),
        },
        path,
        words,
        IsByWebhook: false);
}
