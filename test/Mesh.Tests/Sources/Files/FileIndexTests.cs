// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Mesh.Operator.Sources;
using Mesh.Operator.Sources.Files;
using static Mesh.Tests.Sources.Files.Documents;

namespace Mesh.Tests.Sources.Files;

public sealed class FileIndexTests
{
    private static readonly ObjectKey Cart = new("Service", "shop", "cart");
    private static readonly ObjectKey Retry = new("TrafficPolicy", "shop", "retry");

    [Test]
    public void Object_starts_at_generation_one_and_counts_changes_of_its_spec_only()
    {
        var files = new MemoryFolder();

        files.Write("a.yaml", Service("cart"));
        var first = files.Services["cart"].Metadata.Generation;
        files.Write("a.yaml", Service("cart").Replace("  namespace: shop", "  namespace: shop\n  labels: {a: b}", StringComparison.Ordinal));
        var labelled = files.Services["cart"].Metadata;
        files.Write("a.yaml", Service("cart", 81));

        Assert.That(first, Is.EqualTo(1));
        Assert.That((labelled.Generation, labelled.Labels["a"]), Is.EqualTo((1L, "b")));
        Assert.That(files.Services["cart"].Metadata.Generation, Is.EqualTo(2));
    }

    [Test]
    public void Invalid_version_leaves_the_last_good_one_and_tells_line_path_and_generation()
    {
        var files = new MemoryFolder();
        files.Write("a.yaml", Join(Service("cart"), Policy("retry", "2s")));

        files.Write("a.yaml", Join(Service("cart"), Policy("retry", "soon")));

        var policy = files.Set.TrafficPolicies[Retry];
        Assert.That((policy.Spec.Timeouts!.Request, policy.Metadata.Generation), Is.EqualTo(("2s", 1L)));
        var problem = files.Set.Problems[Retry].Single();
        Assert.That((problem.File, problem.Line, problem.Path, problem.Generation), Is.EqualTo(("a.yaml", 22, "spec.timeouts.request", 2L)));
        Assert.That(files.Set.Problems.Keys, Is.EquivalentTo([Retry]));
    }

    [Test]
    public void Mended_version_has_the_next_generation_and_no_problems()
    {
        var files = new MemoryFolder();
        files.Write("a.yaml", Policy("retry", "2s"));
        files.Write("a.yaml", Policy("retry", "soon"));

        files.Write("a.yaml", Policy("retry", "2s"));

        Assert.That(files.Set.TrafficPolicies[Retry].Metadata.Generation, Is.EqualTo(3));
        Assert.That(files.Set.Problems, Is.Empty);
    }

    [Test]
    public void Object_that_was_never_good_is_absent_with_its_problems()
    {
        var files = new MemoryFolder();

        files.Write("a.yaml", Policy("retry", "soon"));

        Assert.That(files.Set.TrafficPolicies, Is.Empty);
        Assert.That(files.Set.Problems[Retry].Single().Generation, Is.EqualTo(1));
    }

    [Test]
    public void Torn_document_leaves_its_neighbours_and_its_last_good_version()
    {
        var files = new MemoryFolder();
        files.Write("a.yaml", Join(Service("cart"), Policy("retry"), Service("front")));

        files.Write("a.yaml", Join(Service("cart", 81), Policy("retry", "'2s"), Service("front", 82)));

        Assert.That(files.Services.Values.Select(s => s.Spec!.Ports![0].Port), Is.EquivalentTo(new[] { 81, 82 }));
        Assert.That(files.Set.TrafficPolicies[Retry].Spec.Timeouts!.Request, Is.EqualTo("2s"));
        var problem = files.Set.Problems[Retry].Single();
        Assert.That((problem.Line, problem.Path, problem.Generation), Is.EqualTo((22, "spec.timeouts.request", 2L)));
    }

    [Test]
    public void File_in_which_an_object_cannot_be_made_out_keeps_it_with_a_problem_and_has_one_itself()
    {
        var files = new MemoryFolder();
        files.Write("a.yaml", Join(Service("cart"), Policy("retry")));

        files.Write("a.yaml", Join("apiVersion: v1\nkind: [Service\n", Policy("retry", "3s")));

        Assert.That(files.Services.Keys, Is.EquivalentTo(["cart"]));
        Assert.That(files.Set.TrafficPolicies[Retry].Spec.Timeouts!.Request, Is.EqualTo("3s"));
        Assert.That(files.Set.Problems.Keys, Is.EquivalentTo([Cart, ObjectKeys.OfFile("a.yaml")]));
        Assert.That(files.Set.Problems[Cart].Single().Generation, Is.EqualTo(2));
        Assert.That(files.Set.Problems[Cart].Single().Message, Does.StartWith("the object cannot be made out in its file any more: this is no YAML"));
    }

    [Test]
    public void Lost_marker_between_two_documents_deletes_neither()
    {
        var files = new MemoryFolder();
        files.Write("a.yaml", Join(Service("cart"), Service("front")));

        files.Write("a.yaml", Service("cart") + Service("front"));

        Assert.That(files.Services.Keys, Is.EquivalentTo(["cart", "front"]));
        Assert.That(files.Set.Problems.Keys, Is.EquivalentTo([Cart, Cart with { Name = "front" }, ObjectKeys.OfFile("a.yaml")]));
    }

    [Test]
    public void Object_hidden_over_several_edits_is_deleted_once_the_file_is_whole_without_it()
    {
        var files = new MemoryFolder();
        files.Write("a.yaml", Join(Service("cart"), Service("front")));
        files.Write("a.yaml", Join("}", Service("front")));
        files.Write("a.yaml", Join("]", Service("front", 81)));
        var hidden = files.Set;

        files.Write("a.yaml", Service("front", 81));

        Assert.That(hidden.Services.Keys, Does.Contain(Cart));
        Assert.That(hidden.Problems[Cart].Single().Generation, Is.EqualTo(3));
        Assert.That(files.Services.Keys, Is.EquivalentTo(["front"]));
        Assert.That(files.Set.Problems, Is.Empty);
    }

    [Test]
    public void Object_removed_from_an_intact_file_is_deleted()
    {
        var files = new MemoryFolder();
        files.Write("a.yaml", Join(Service("cart"), Service("front")));

        files.Write("a.yaml", Service("front"));

        Assert.That(files.Services.Keys, Is.EquivalentTo(["front"]));
    }

    [Test]
    public void Deleted_file_deletes_its_objects_and_all_problems()
    {
        var files = new MemoryFolder();
        files.Write("a.yaml", Join(Service("cart"), Policy("retry", "soon"), "kind: ["));

        files.Delete("a.yaml");

        Assert.That(files.Services, Is.Empty);
        Assert.That(files.Set.Problems, Is.Empty);
    }

    [Test]
    public void Object_in_two_files_comes_from_the_first_path_and_the_other_file_has_the_problem()
    {
        var files = new MemoryFolder();
        files.Write("b.yaml", Service("cart", 81));
        files.Write("c.yaml", Service("cart", 82));
        var before = files.Services["cart"].Spec!.Ports![0].Port;

        files.Write("B.yaml", "\n" + Service("cart", 80));

        Assert.That(before, Is.EqualTo(81));
        Assert.That((files.Services["cart"].Spec!.Ports![0].Port, files.Services["cart"].Metadata.Generation), Is.EqualTo((80, 2L)));
        Assert.That(files.Set.Problems.Keys, Is.EquivalentTo([ObjectKeys.OfFile("b.yaml"), ObjectKeys.OfFile("c.yaml")]));
        Assert.That(files.Set.Problems[ObjectKeys.OfFile("b.yaml")].Single().Message, Is.EqualTo(
            "Service shop/cart stands at B.yaml:2 and at b.yaml:1: the first, by path and line, is in force; remove one of them"));
    }

    [Test]
    public void Object_twice_in_one_file_comes_from_the_first_document()
    {
        var files = new MemoryFolder();

        files.Write("a.yaml", Join(Service("cart", 80), Service("cart", 81)));

        Assert.That(files.Services["cart"].Spec!.Ports![0].Port, Is.EqualTo(80));
        Assert.That(files.Set.Problems[ObjectKeys.OfFile("a.yaml")].Single().Line, Is.EqualTo(12));
    }

    [Test]
    public void Second_file_takes_over_when_the_first_is_deleted()
    {
        var files = new MemoryFolder();
        files.Write("a.yaml", Service("cart", 80));
        files.Write("b.yaml", Service("cart", 81));

        files.Delete("a.yaml");

        Assert.That((files.Services["cart"].Spec!.Ports![0].Port, files.Services["cart"].Metadata.Generation), Is.EqualTo((81, 2L)));
        Assert.That(files.Set.Problems, Is.Empty);
    }

    [Test]
    public void Missing_namespace_is_default_and_cluster_kinds_have_none()
    {
        var files = new MemoryFolder();

        files.Write("a.yaml", Join(
            "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}\n", "{apiVersion: v1, kind: Namespace, metadata: {name: b, namespace: c}}\n"));

        Assert.That(files.Set.ServiceAccounts.Keys, Is.EquivalentTo([new ObjectKey("ServiceAccount", "default", "a")]));
        Assert.That(files.Set.ServiceAccounts.Values.Single().Metadata.NamespaceProperty, Is.EqualTo("default"));
        Assert.That(files.Set.Namespaces.Keys, Is.EquivalentTo([new ObjectKey("Namespace", "", "b")]));
    }

    [Test]
    public void List_is_unrolled_with_lines_of_its_items()
    {
        var files = new MemoryFolder();

        files.Write("a.yaml", """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: ServiceAccount
              metadata: {name: a}
            - apiVersion: mesh.operator.dev/v1alpha1
              kind: TrafficPolicy
              metadata: {name: retry, namespace: shop}
              spec:
                targetRefs: 3
            """);

        Assert.That(files.Set.ServiceAccounts.Keys.Select(k => k.Name), Is.EquivalentTo(["a"]));
        Assert.That(files.Set.Problems[Retry].Select(p => (p.Line, p.Path)), Does.Contain((11, "spec.targetRefs")));
    }

    [Test]
    public void Json_file_is_read()
    {
        var files = new MemoryFolder();

        files.Write("a.json", """{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "a"}}""");

        Assert.That(files.Set.ServiceAccounts.Keys.Select(k => k.Name), Is.EquivalentTo(["a"]));
    }

    [TestCase("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {mode: 0644}\n")]
    [TestCase("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")]
    [TestCase("apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a}\n")]
    [TestCase("apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\n")]
    [TestCase("apiVersion: v1\nkind: List\nitems: []\n")]
    [TestCase("# nothing\n")]
    public void Document_for_somebody_else_is_no_problem(string yaml)
    {
        var files = new MemoryFolder();

        files.Write("a.yaml", yaml);

        Assert.That(files.Set.Problems, Is.Empty);
        Assert.That(files.Ignored, Is.EqualTo(yaml.Contains("name: a", StringComparison.Ordinal) ? 1 : 0));
    }

    [TestCase("mesh.operator.dev/v1alpha1", "TraficPolicy", "TrafficPolicy of mesh.operator.dev/v1alpha1 is")]
    [TestCase("mesh.operator.dev/v1", "TrafficPolicy", "TrafficPolicy of mesh.operator.dev/v1alpha1 is")]
    [TestCase("mesh.operators.dev/v1alpha1", "TrafficPolicy", "TrafficPolicy of mesh.operator.dev/v1alpha1 is")]
    [TestCase("gateway.networking.k8s.io/v1", "HttpRoute", "HTTPRoute of gateway.networking.k8s.io/v1 is")]
    [TestCase("gateway.networking.k8s.io/v1", "TCPRoute", "HTTPRoute of gateway.networking.k8s.io/v1 is")]
    [TestCase("v1", "Sevice", "Service of v1 is")]
    [TestCase("v2", "Service", "Service of v1 is")]
    [TestCase("discovery.k8s.io/v1beta1", "EndpointSlice", "EndpointSlice of discovery.k8s.io/v1 is")]
    public void Kind_that_looks_like_a_slip_is_a_problem_of_the_file(string apiVersion, string kind, string advice)
    {
        var files = new MemoryFolder();

        files.Write("a.yaml", $"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: a}}\n");

        var problem = files.Set.Problems[ObjectKeys.OfFile("a.yaml")].Single();
        Assert.That(problem.Line, Is.EqualTo(2));
        Assert.That(problem.Message, Does.StartWith($"kind {kind} of {apiVersion} is not used by the mesh: {advice}"));
    }

    [TestCase("kind: Service\nmetadata: {name: a}\n", 1, "apiVersion")]
    [TestCase("apiVersion: v1\nmetadata: {name: a}\n", 1, "kind")]
    [TestCase("apiVersion: v1\nkind: Service\nmetadata: {}\n", 3, "metadata.name")]
    [TestCase("apiVersion: v1\nkind: Service\nmetadata:\n  name: 7\n", 4, "metadata.name")]
    [TestCase("apiVersion: v1\nkind: Service\nmetadata:\n  name: ../../etc\n", 4, "metadata.name")]
    [TestCase("apiVersion: v1\nkind: Service\nmetadata:\n  name: a.b\n", 4, "metadata.name")]
    [TestCase("apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  namespace: B\n", 5, "metadata.namespace")]
    [TestCase("apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  namespace: {}\n", 5, "metadata.namespace")]
    [TestCase("- 1\n", 1, "")]
    [TestCase("text\n", 1, "")]
    public void Document_without_identity_is_a_problem_of_the_file(string yaml, int line, string path)
    {
        var files = new MemoryFolder();

        files.Write("a.yaml", yaml);

        Assert.That(
            files.Set.Problems[ObjectKeys.OfFile("a.yaml")].Select(p => (p.File, p.Line, p.Path)), Is.EqualTo(new[] { ("a.yaml", line, path) }));
    }

    [TestCase(new byte[] { 0xc3, 0x28 }, "the byte 0xc3 is no UTF-8: save the file as UTF-8")]
    [TestCase(new byte[] { 0x00 }, "the character U+0000 does not belong into a text: remove it")]
    [TestCase(new byte[] { 0xef, 0xbb, 0xbf }, "the character U+FEFF does not belong into a text: remove it")]
    public void Bytes_that_are_no_text_are_a_problem_of_the_object_at_their_line(byte[] bytes, string message)
    {
        var files = new MemoryFolder();
        files.Write("a.yaml", Join(Service("front"), Service("cart")));

        files.Write("a.yaml", [.. Encoding.UTF8.GetBytes(Join(Service("front"), Service("cart"))), .. "    "u8, .. bytes, .. "\n"u8]);

        Assert.That(files.Services.Keys, Is.EquivalentTo(["cart", "front"]));
        Assert.That(files.Set.Problems[Cart][0].Message, Is.EqualTo(message));
        Assert.That(files.Set.Problems[Cart][0].Line, Is.EqualTo(22));
    }

    [Test]
    public void Byte_order_mark_at_the_start_says_nothing_and_utf16_is_refused()
    {
        var files = new MemoryFolder();

        files.Write("a.yaml", [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Service("cart"))]);
        files.Write("b.yaml", [0xff, 0xfe, .. Encoding.Unicode.GetBytes(Service("front"))]);

        Assert.That(files.Services.Keys, Is.EquivalentTo(["cart"]));
        Assert.That(files.Set.Problems.Keys, Is.EquivalentTo([ObjectKeys.OfFile("b.yaml")]));
        Assert.That(files.Set.Problems[ObjectKeys.OfFile("b.yaml")].Single().Message, Is.EqualTo("the file is UTF-16: save it as UTF-8"));
    }

    [Test]
    public void Lines_of_problems_move_with_the_document()
    {
        var files = new MemoryFolder();
        files.Write("a.yaml", Join(Service("cart"), Policy("retry", "soon")));
        var before = files.Set.Problems[Retry].Single();

        files.Write("a.yaml", Join("# one\n# two\n" + Service("cart"), Policy("retry", "soon")));

        Assert.That(files.Set.Problems[Retry].Single(), Is.EqualTo(before with { Line = before.Line + 2 }));
    }

    [Test]
    public void Document_that_only_moved_is_not_written_again()
    {
        var files = new MemoryFolder();
        files.Write("a.yaml", Join(Service("cart"), Service("front")));

        var update = files.Write("a.yaml", Join(Service("cart", 81) + "# one more line\n", Service("front")));

        Assert.That(update.Applied.Select(o => o.Metadata.Name), Is.EqualTo(new[] { "cart" }));
    }
}
