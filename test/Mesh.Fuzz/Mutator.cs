// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Mesh.Xds;

namespace Mesh.Fuzz;

/// <summary>Makes inputs of inputs: mostly such that are still requests, so that they get deep, and some that are not.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly string[] Names = [.. FuzzMesh.Names, "*", "", "d", "\u00e9", new string('n', 41), "xdstp://mesh/t/a"];
    private static readonly string[] Nonces = ["", "$0", "$1", "$2", "$5", "$9", "1-1", "garbage"];
    private static readonly string[] Refusals = ["", "no", "Error adding/updating cluster(s) a: no", "Error adding/updating listener(s) a, b: no", "missing ): ((", "a"];

    private readonly Random random = new(seed);

    public FuzzInput Next(IReadOnlyList<FuzzInput> pool)
    {
        var parent = pool[random.Next(pool.Count)];
        var steps = parent.Steps.ToList();
        for (var changes = random.Next(1, 8); changes > 0; changes--)
        {
            Change(steps, parent.IsDelta, pool);
        }

        return new FuzzInput(parent.IsDelta, [.. steps.Take(60)]);
    }

    /// <summary>The bytes of an input with some of them changed, whatever they mean.</summary>
    public byte[] Spoil(byte[] bytes)
    {
        var spoilt = bytes.ToList();
        for (var changes = random.Next(1, 6); changes > 0 && spoilt.Count > 0; changes--)
        {
            var at = random.Next(spoilt.Count);
            switch (random.Next(4))
            {
                case 0:
                    spoilt[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    spoilt[at] = (byte)random.Next(256);
                    break;
                case 2:
                    spoilt.RemoveAt(at);
                    break;
                default:
                    spoilt.Insert(at, (byte)random.Next(256));
                    break;
            }
        }

        return [.. spoilt];
    }

    private void Change(List<FuzzStep> steps, bool isDelta, IReadOnlyList<FuzzInput> pool)
    {
        var at = random.Next(steps.Count + 1);
        switch (random.Next(6))
        {
            case 0 when at < steps.Count:
                steps.RemoveAt(at);
                break;
            case 1 when at < steps.Count:
                steps.Insert(at, steps[random.Next(steps.Count)]);
                break;
            case 2:
                steps.Insert(at, Corpus.Published([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (byte)random.Next(256))]));
                break;
            case 3 when pool[random.Next(pool.Count)] is var other && other.IsDelta == isDelta:
                steps.AddRange(other.Steps.Skip(random.Next(other.Steps.Count + 1)));
                break;
            case 4 when at < steps.Count && random.Next(4) == 0:
                steps[at] = steps[at] with { Content = Spoil(steps[at].Content) };
                break;
            default:
                steps.Insert(at, new FuzzStep(StepKind.Request, isDelta ? Delta().ToByteArray() : World().ToByteArray()));
                break;
        }
    }

    private DeltaDiscoveryRequest Delta()
    {
        var request = new DeltaDiscoveryRequest { TypeUrl = TypeUrl(), ResponseNonce = Pick(Nonces), ErrorDetail = Error() };
        if (random.Next(2) == 0)
        {
            request.ResourceNamesSubscribe.AddRange(Some());
        }

        if (random.Next(3) == 0)
        {
            request.ResourceNamesUnsubscribe.AddRange(Some());
        }

        foreach (var name in random.Next(6) == 0 ? Some() : [])
        {
            request.InitialResourceVersions[name] = Pick(["", "1", "0123456789abcdef"]);
        }

        return request;
    }

    private DiscoveryRequest World() => new()
    {
        TypeUrl = TypeUrl(),
        ResponseNonce = Pick(Nonces),
        VersionInfo = Pick(["", "1"]),
        ErrorDetail = Error(),
        ResourceNames = { random.Next(3) > 0 ? Some() : [] },
    };

    private Google.Rpc.Status? Error() => random.Next(4) == 0 ? new Google.Rpc.Status { Code = random.Next(17), Message = Pick(Refusals) } : null;

    private string TypeUrl() => random.Next(20) == 0
        ? Pick(["", "type.googleapis.com/unknown", ResourceType.Cluster.TypeUrl() + "x"])
        : ((ResourceType)random.Next(ResourceTypes.PushOrder.Length)).TypeUrl();

    private IEnumerable<string> Some() => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(Names))];

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];
}
