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
    private const string Alias = "alias";
    private const string Member = "member/";
    private static readonly string[] Names = ["a", "b", "c", "d", Member + "1", Member + "2"];
    private static readonly string[] Asked = [.. Names, Alias, Member + "*"];
    private static readonly ResourceType[] Types = [ResourceType.Cluster, ResourceType.Endpoint];

    [FsCheck.NUnit.Property(MaxTest = 20000)]
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
        // Beside a wildcard the proxy is told of what it has dropped; without one it forgets it by itself.
        var client = new ModelClient(new Script(), hasWildcard: steps.Length == 0 || steps[^1] % 7 < 4);
        foreach (var step in steps)
        {
            client.Step(step);
        }

        client.AnswerAll();
        return client.IsSettled();
    }

    /// <summary>A proxy of a few lines, to compare with: it applies what it is sent, refuses what is bad, and answers late.</summary>
    private sealed class ModelClient
    {
        private readonly Script script;
        private readonly bool hasWildcard;
        private readonly Dictionary<ResourceKey, string> held = [];
        private readonly Dictionary<ResourceKey, (string Content, bool OnDemand)> wanted = [];
        private readonly HashSet<ResourceKey> named = [];
        private readonly List<int> unanswered = [];
        private int received;

        public ModelClient(Script script, bool hasWildcard)
        {
            this.script = script;
            this.hasWildcard = hasWildcard;
            script.Publish();
            foreach (var type in hasWildcard ? Types : [])
            {
                script.Subscribe(type, "*");
                Receive();
            }
        }

        public void Step(int step)
        {
            var type = Types[step % 2];
            var key = Key(type, Names[step / 2 % Names.Length]);
            var asked = Key(type, Asked[step / 2 % Asked.Length]);
            var rest = step / 112;
            switch (step / 16 % 7)
            {
                case 0 or 1:
                    var content = rest % 4 == 0 ? Bad + (rest / 4 % 2) : (rest % 4).ToString(CultureInfo.InvariantCulture);
                    wanted[key] = (content, rest / 8 % 3 == 0);
                    script.Publish(Make(key, content, wanted[key].OnDemand));
                    break;
                case 2:
                    wanted.Remove(key);
                    script.Publish([key]);
                    break;
                case 3:
                    named.Add(asked);
                    script.Subscribe(type, asked.Name);
                    break;
                case 4:
                    // Answers come in any order.
                    if (unanswered.Count > 0)
                    {
                        Answer(unanswered[rest % unanswered.Count]);
                    }

                    break;
                case 5:
                    named.Remove(asked);
                    script.Unsubscribe(type, asked.Name);
                    if (!hasWildcard)
                    {
                        held.Keys.Where(other => !IsNamed(other, held[other])).ToList().ForEach(other => held.Remove(other));
                    }

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
            foreach (var key in Types.SelectMany(static type => Names.Select(name => Key(type, name))))
            {
                var has = held.GetValueOrDefault(key);
                var should = wanted.TryGetValue(key, out var value) && IsCovered(key, value) ? value.Content : null;
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
                string[] star = hasWildcard ? ["*"] : [];
                string[] names = [.. star, .. named.Where(key => key.Type == type).Select(static key => key.Name)];
                if (names.Length > 0)
                {
                    // A first request without names would be a wildcard.
                    script.Resume(type, names, [.. held.Where(pair => pair.Key.Type == type).Select(static pair => Make(pair.Key, pair.Value))]);
                }
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

        private bool IsCovered(ResourceKey key, (string Content, bool OnDemand) resource) =>
            (hasWildcard && !resource.OnDemand && !key.Name.Contains(Member, StringComparison.Ordinal)) || IsNamed(key, resource.Content);

        private bool IsNamed(ResourceKey key, string content) =>
            named.Contains(key)
            || (HasAlias(key, content) && named.Contains(key with { Name = Alias }))
            || (key.Name.Contains(Member, StringComparison.Ordinal) && named.Contains(Key(key.Type, Member + "*")));

        // Which resource has the alias changes with the content, and several may have it.
        private static bool HasAlias(ResourceKey key, string content) => key.Name is "c" or "d" && content == "1";

        private static EncodedResource Make(ResourceKey key, string content, bool onDemand = false) => Resource(
            key.Type, key.Name, content, new ScriptDetails(OnDemand: onDemand, Aliases: HasAlias(key, content) ? [Alias] : []));

        private static ResourceKey Key(ResourceType type, string name) =>
            new(type, name.StartsWith(Member, StringComparison.Ordinal) ? $"xdstp://m/{type.Name()}/{name}" : name);

        private static bool IsBad(EncodedResource resource) => Content(resource.Message).StartsWith(Bad, StringComparison.Ordinal);
    }
}
