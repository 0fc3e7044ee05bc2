// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Mesh.Operator.Sources;
using Mesh.Operator.Sources.Files;
using Mesh.Tests.Sources.Files;

namespace Mesh.Tests.Sources;

/// <summary>
/// A thousand broken files, the same in every run. Whatever is in a file, reading it ends; it yields valid objects or a problem; objects of
/// other files stay what they are.
/// </summary>
public sealed class MutatedInputTests
{
    private const int Mutations = 1000;

    private static readonly string[] Inputs =
    [
        """
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata:
          name: cart-limits
          namespace: shop
          labels:
            team: checkout
        spec:
          targetRefs:
          - kind: Service
            name: cart
            sectionName: http
          timeouts:
            request: 2s
            connect: 250ms
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata:
          name: cart
          namespace: shop
        spec:
          parentRefs:
          - group: ""
            kind: Service
            name: cart
            port: 80
          rules:
          - matches:
            - path: {type: PathPrefix, value: /items}
              headers:
              - name: x-canary
                value: "yes"
            backendRefs:
            - name: cart-v2
              port: 80
              weight: 1
          - backendRefs: &backends
            - name: cart
              port: 80
              weight: 90
          - matches:
            - path: {value: /again}
            backendRefs: *backends
        """,
        """
        apiVersion: v1
        kind: Service
        metadata:
          name: catalog
          namespace: shop
        spec:
          clusterIP: 127.96.0.11
          ports:
          - name: http
            port: 80
            targetPort: 8080
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: catalog-1
          namespace: shop
          labels:
            kubernetes.io/service-name: catalog
        addressType: IPv4
        ports:
        - name: http
          port: 8080
        endpoints:
        - addresses: ["127.1.0.21"]
          conditions: {ready: true}
          nodeName: local
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: catalog-1, namespace: shop}
        spec:
          nodeName: local
          serviceAccountName: catalog
        status:
          podIP: 127.1.0.21
        """,
        """
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
        - {apiVersion: v1, kind: ServiceAccount, metadata: {name: cart, namespace: shop}}
        - apiVersion: mesh.operator.dev/v1alpha1
          kind: Mesh
          metadata:
            name: default
          spec:
            outboundTraffic: Passthrough
            defaults:
              timeouts:
                request: 15s
        """,
    ];

    private static readonly string[] Scalars =
    [
        "null", "true", "-1", "0", "1e999", "99999999999999999999", "''", "[]", "{}", "[[[]]]", "{a: {b: c}}", "&a [*a]", "*nowhere", "!!binary x",
        "|", "\"", "'", "@", "%", "\t", ".inf", "0x", "2026-11-25", "../../etc/passwd", "\"\\0\"", "\"\\udc00\"", "<<", "? x", "- -", "Cart",
    ];

    [Test]
    public void Unmutated_inputs_have_no_problems()
    {
        var files = new MemoryFolder();

        for (var i = 0; i < Inputs.Length; i++)
        {
            files.Write($"input-{i}.yaml", Inputs[i]);
        }

        Assert.That(files.Set.Problems, Is.Empty);
        Assert.That(CountOf(files.Set), Is.EqualTo(8));
    }

    [Test]
    public void Mutated_file_yields_valid_objects_or_a_problem_and_leaves_other_files_alone()
    {
        var problems = 0;
        var silent = new List<string>();
        for (var seed = 0; seed < Mutations; seed++)
        {
            var files = new MemoryFolder();
            files.Write("other.yaml", Documents.Join(Documents.Service("other"), Documents.Policy("other")));
            files.Write("z.yaml", Inputs[seed % Inputs.Length]);
            var (service, policy) = Others(files.Set);
            var expected = CountOf(files.Set);

            var mutated = Mutate(Inputs[seed % Inputs.Length], new Random(seed));
            files.Write("z.yaml", mutated);

            Assert.That(Others(files.Set), Is.EqualTo((service, policy)), $"seed {seed} changed another file's objects");
            if (!files.Set.Problems.IsEmpty)
            {
                problems++;
                Assert.That(
                    files.Set.Problems.Values.SelectMany(p => p).Select(p => p.Message), Has.All.Length.GreaterThan(10), $"seed {seed} is unexplained");
            }
            else if (CountOf(files.Set) < expected)
            {
                silent.Add($"seed {seed}:\n{Encoding.UTF8.GetString(mutated)}");
            }
        }

        TestContext.Out.WriteLine($"{problems} of {Mutations} mutated files have problems, {silent.Count} lost objects without one");
        Assert.That(problems, Is.GreaterThan(Mutations / 2));

        // What a mutation may take away in silence: a document deleted whole, or turned into an object with another name or of foreign kind.
        Assert.That(silent, Has.Count.LessThan(Mutations / 50), string.Join("\n====\n", silent.Take(10)));
    }

    private static (object Service, object Policy) Others(ResourceSet set) =>
        (set.Services[new ObjectKey("Service", "shop", "other")], set.TrafficPolicies[new ObjectKey("TrafficPolicy", "shop", "other")]);

    private static int CountOf(ResourceSet set) => set.Meshes.Count + set.TrafficPolicies.Count + set.HttpRoutes.Count + set.GrpcRoutes.Count
        + set.Namespaces.Count + set.Services.Count + set.EndpointSlices.Count + set.Pods.Count + set.ServiceAccounts.Count;

    private static byte[] Mutate(string text, Random random)
    {
        var lines = text.Split('\n').ToList();
        var at = random.Next(lines.Count);
        switch (random.Next(13))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, lines[random.Next(lines.Count)]);
                break;
            case 2 or 3:
                lines[at] = WithScalar(lines[at], Scalars[random.Next(Scalars.Length)]);
                break;
            case 4:
                var other = random.Next(lines.Count);
                var (left, right) = (ScalarOf(lines[at]), ScalarOf(lines[other]));
                (lines[at], lines[other]) = (WithScalar(lines[at], right), WithScalar(lines[other], left));
                break;
            case 5:
                lines[at] = new string(' ', random.Next(1, 5)) + lines[at];
                break;
            case 6:
                lines[at] = "\t" + lines[at].TrimStart();
                break;
            case 7:
                lines[at] = WithScalar(lines[at], new string((char)('a' + random.Next(26)), random.Next(1, 100_000)));
                break;
            case 8:
                lines.RemoveRange(at, lines.Count - at);
                lines.Add("  torn: 'x");
                break;
            case 9:
                return Bytes(lines, random, [0xff]);
            case 10:
                return Bytes(lines, random, [0x00]);
            case 11:
                return Bytes(lines, random, [(byte)"{}[]:'\"&*!|>%@`#-,?\n"[random.Next(20)]]);
            default:
                lines.AddRange(["---", .. lines.ToList()]);
                break;
        }

        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    private static byte[] Bytes(List<string> lines, Random random, byte[] inserted)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        var at = random.Next(bytes.Length);
        return [.. bytes[..at], .. inserted, .. bytes[at..]];
    }

    private static string ScalarOf(string line) => line.IndexOf(": ", StringComparison.Ordinal) is var at and >= 0 ? line[(at + 2)..] : line.Trim();

    private static string WithScalar(string line, string scalar) => line.IndexOf(": ", StringComparison.Ordinal) is var at and >= 0
        ? string.Create(CultureInfo.InvariantCulture, $"{line[..at]}: {scalar}")
        : $"{line} {scalar}";
}
