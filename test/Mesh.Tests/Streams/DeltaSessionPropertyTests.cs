// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using static Mesh.Tests.Streams.Script;

namespace Mesh.Tests.Streams;

/// <summary>
/// Whatever comes in whatever order, in the end the proxy holds exactly what it is subscribed to in the newest snapshot, but for the
/// versions that it refuses; there it holds an older one or none.
/// </summary>
internal sealed class DeltaSessionPropertyTests
{
    private const string Bad = "bad";
    private static readonly string[] Names = ["a", "b", "c", "d"];
    private static readonly ResourceType[] Types = [ResourceType.Cluster, ResourceType.Endpoint];

    [FsCheck.NUnit.Property(MaxTest = 3000)]
    public Property Session_any_interleaving_ends_at_the_newest_snapshot()
    {
        var steps = Gen.Choose(0, 1_000_000).ListOf().Select(static list => list.ToArray());
        return Prop.ForAll(Arb.From(steps, Shrink), Run);
    }

    // Any step may be superfluous to a failure.
    private static IEnumerable<int[]> Shrink(int[] steps) =>
        steps.Select((_, left) => steps.Where((_, at) => at != left).ToArray());

    private static bool Run(int[] steps)
    {
        var client = new ModelClient(new Script());
        foreach (var type in Types)
        {
            client.Subscribe(type, "*");
        }

        foreach (var step in steps)
        {
            client.Step(step);
        }

        client.AnswerAll();
        return client.IsSettled();
    }

    /// <summary>A proxy of a few lines, to compare with: it applies what it is sent, refuses what is bad, and answers late.</summary>
    private sealed class ModelClient(Script script)
    {
        private readonly Dictionary<ResourceKey, string> held = [];
        private readonly Dictionary<ResourceKey, (string Content, bool OnDemand)> wanted = [];
        private readonly HashSet<ResourceKey> named = [];
        private readonly List<int> unanswered = [];
        private int received;

        public void Subscribe(ResourceType type, string name)
        {
            script.Subscribe(type, name);
            Receive();
        }

        public void Step(int step)
        {
            var key = new ResourceKey(Types[step % 2], Names[step / 2 % 4]);
            switch (step / 8 % 7)
            {
                case 0 or 1:
                    var content = step / 48 % 4 == 0 ? Bad + (step / 192 % 2) : (step / 48 % 4).ToString(CultureInfo.InvariantCulture);
                    wanted[key] = (content, step / 400 % 3 == 0);
                    script.Publish(Resource(key.Type, key.Name, content, new ScriptDetails(OnDemand: wanted[key].OnDemand)));
                    break;
                case 2:
                    wanted.Remove(key);
                    script.Publish([key]);
                    break;
                case 3:
                    named.Add(key);
                    script.Subscribe(key.Type, key.Name);
                    break;
                case 4:
                    // Answers come in any order.
                    if (unanswered.Count > 0)
                    {
                        Answer(unanswered[step / 48 % unanswered.Count]);
                    }

                    break;
                case 5:
                    named.Remove(key);
                    script.Unsubscribe(key.Type, key.Name);
                    break;
                default:
                    Reconnect();
                    break;
            }

            Receive();
        }

        public void AnswerAll()
        {
            for (var guard = 0; unanswered.Count > 0 || script.RetryAfter is not null; guard++)
            {
                Assert.That(guard, Is.LessThan(1000), "answers and responses chase each other");
                if (unanswered.Count > 0)
                {
                    Answer(unanswered[0]);
                }
                else
                {
                    script.Retry();
                }

                Receive();
            }
        }

        public bool IsSettled()
        {
            foreach (var key in Types.SelectMany(static type => Names.Select(name => new ResourceKey(type, name))))
            {
                var has = held.GetValueOrDefault(key);
                var should = wanted.TryGetValue(key, out var value) && (!value.OnDemand || named.Contains(key)) ? value.Content : null;
                var isRefused = should?.StartsWith(Bad, StringComparison.Ordinal) == true;
                Assert.That(isRefused ? has?.StartsWith(Bad, StringComparison.Ordinal) != true : has == should, Is.True, $"{key} is {has}, should be {should}");
                Assert.That(script.State.Rejected.ContainsKey(key), Is.EqualTo(isRefused), $"{key} should be {should}");
                Assert.That(script.State.Accepted.ContainsKey(key), Is.EqualTo(has is not null), $"{key} is {has}");
            }

            return script.State.Pending.IsEmpty;
        }

        // With what it has; what it had not answered is lost.
        private void Reconnect()
        {
            unanswered.Clear();
            script.Reconnect();
            foreach (var type in Types)
            {
                string[] names = ["*", .. named.Where(key => key.Type == type).Select(static key => key.Name)];
                script.Resume(type, names, [.. held.Where(pair => pair.Key.Type == type).Select(static pair => Resource(pair.Key.Type, pair.Key.Name, pair.Value))]);
            }
        }

        private void Answer(int number)
        {
            unanswered.Remove(number);
            var isBad = script.Sent[number - 1].Resources.Any(IsBad);
            _ = isBad ? script.Nack(number, "one of them is bad") : script.Ack(number);
        }

        // In the order of sending, as a stream delivers; a bad one makes the whole response void, as a broken rule does.
        private void Receive()
        {
            for (; received < script.Sent.Count; received++)
            {
                var response = script.Sent[received];
                unanswered.Add(received + 1);
                foreach (var name in response.Removed)
                {
                    held.Remove(new ResourceKey(ResourceTypes.FromTypeUrl(response.TypeUrl)!.Value, name));
                }

                foreach (var resource in response.Resources.Any(IsBad) ? [] : response.Resources)
                {
                    held[resource.Key] = Content(resource.Message);
                }
            }
        }

        private static bool IsBad(EncodedResource resource) => Content(resource.Message).StartsWith(Bad, StringComparison.Ordinal);
    }
}
