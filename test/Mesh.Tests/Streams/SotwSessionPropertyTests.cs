// SPDX-License-Identifier: Apache-2.0
using FsCheck;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;

namespace Mesh.Tests.Streams;

/// <summary>
/// Whatever comes in whatever order, in the end the proxy holds what it is subscribed to in the newest snapshot, but for the versions that
/// it refuses; there it holds an older one or none. An assignment that is gone stays at the proxy, for this variant cannot tell of it: that
/// copy does not count.
/// </summary>
internal sealed class SotwSessionPropertyTests
{
    private const string Member = "xdstp://m/envoy.config.endpoint.v3.ClusterLoadAssignment/";
    private static readonly string[] Names = ["a", "b", "c", "d", Member + "1", Member + "2"];
    private static readonly string[] Asked = [.. Names, ModelContent.Alias, Member + "*"];
    private static readonly ResourceType[] Types = [ResourceType.Cluster, ResourceType.Endpoint];

    [Explored(cases: 3000)]
    public Property Session_any_interleaving_ends_at_the_newest_snapshot() => Interleavings.Of(Run);

    private static bool Run(int[] steps)
    {
        var client = new ModelClient(new SotwScript(features: ClientFeatures.ResourceInSotw));
        foreach (var step in steps)
        {
            client.Step(step);
        }

        client.AnswerAll();
        return client.IsSettled();
    }

    /// <summary>
    /// A proxy of a few lines, to compare with: clusters by wildcard, assignments by name, answers late, drops what it does not hear of for
    /// the TTL.
    /// </summary>
    private sealed class ModelClient
    {
        private readonly SotwScript script;
        private readonly ModelHoldings held;
        private readonly Dictionary<ResourceKey, ModelContent> wanted = [];
        private readonly SortedSet<string> named = new(StringComparer.Ordinal) { "a" };
        private readonly List<int> unanswered = [];

        // Gone since they were sent last: the ledger may have forgotten what the proxy keeps.
        private readonly HashSet<ResourceKey> forgotten = [];
        private int received;

        public ModelClient(SotwScript script)
        {
            this.script = script;
            held = new ModelHoldings(script.Time);
            script.Subscribe(ResourceType.Cluster);
            script.Subscribe(ResourceType.Endpoint, [.. named]);
            Receive();
        }

        public void Step(int step)
        {
            // Clusters are plain: the wildcard of old covers no other names, and ends with the first name.
            var type = Types[step % 2];
            var key = new ResourceKey(type, Names[step / 2 % (type == ResourceType.Cluster ? 4 : Names.Length)]);
            var more = step / 96;
            switch (step / 16 % 6)
            {
                case 0 or 1:
                    var content = wanted[key] = new ModelContent(ModelContent.TextOf(more), more / 8 % 3 == 0 ? TimeSpan.FromSeconds(3 + (more / 32 % 4)) : null);
                    _ = !IsNamed(key.Name, content) && forgotten.Add(key);
                    script.Publish(content.Encoded(key));
                    break;
                case 2:
                    wanted.Remove(key);
                    script.Publish([key]);
                    forgotten.Add(key);
                    break;
                case 3:
                    Rename(Asked[step / 2 % Asked.Length]);
                    break;
                case 4:
                    Elapse(TimeSpan.FromSeconds(1 + (more % 6)));
                    break;
                default:
                    if (unanswered.Count > 0)
                    {
                        Answer(unanswered[more % unanswered.Count]);
                    }

                    break;
            }

            Receive();
        }

        public void AnswerAll()
        {
            // What has a TTL is never at rest: after so many calls without anything under way all the rest is.
            var calls = 0;
            for (var guard = 0; unanswered.Count > 0 || (script.RetryAfter is not null && calls < 20); guard++)
            {
                Assert.That(guard, Is.LessThan(2000), "answers and responses chase each other");
                if (unanswered.Count > 0)
                {
                    Answer(unanswered[0]);
                }
                else
                {
                    calls = script.State.Pending.IsEmpty ? calls + 1 : 0;
                    script.Elapse(script.RetryAfter ?? TimeSpan.Zero);
                }

                Receive();
                held.End();
            }
        }

        public bool IsSettled()
        {
            foreach (var key in Types.SelectMany(static type => Names.Select(name => new ResourceKey(type, name))))
            {
                var has = held.Find(key);
                var should = wanted.TryGetValue(key, out var newest) && (key.Type == ResourceType.Cluster || IsNamed(key.Name, newest)) ? newest : null;
                var isRefused = should?.IsBad == true;
                var mayStay = should is null && key.Type == ResourceType.Endpoint;
                Assert.That(mayStay || (isRefused ? has?.IsBad != true : has == should), Is.True, $"{key} is {has}, should be {should}");
                Assert.That(script.State.Rejected.ContainsKey(key), Is.EqualTo(isRefused), $"{key} should be {should}");
                if (!(isRefused && held.HasEnded(key)) && (!(mayStay || isRefused) || !forgotten.Contains(key)))
                {
                    Assert.That(script.State.Accepted.ContainsKey(key), Is.EqualTo(has is not null), $"{key} is {has}");
                }
            }

            Assert.That(script.State.Pending, Is.Empty);
            return true;
        }

        private void Elapse(TimeSpan time)
        {
            for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
            {
                script.Elapse(TimeSpan.FromSeconds(1));
                Receive();
                held.End();
            }
        }

        // With the nonce of the newest response, which answers it: a proxy that changes its mind while it decides sends its decision.
        private void Rename(string name)
        {
            if (!named.Remove(name))
            {
                named.Add(name);
            }
            else
            {
                held.RemoveAll((key, content) => key.Type == ResourceType.Endpoint && !IsNamed(key.Name, content));

                // What the proxy keeps of an older version's alias, which the newest has not, the ledger does not count.
                forgotten.UnionWith(wanted.Where(pair => pair.Key.Type == ResourceType.Endpoint && !IsNamed(pair.Key.Name, pair.Value)).Select(static pair => pair.Key));
            }

            if (unanswered.FindLast(number => IsEndpoint(number)) is var open and > 0)
            {
                Answer(open);
                return;
            }

            script.Subscribe(ResourceType.Endpoint, [.. named]);
        }

        private bool IsEndpoint(int number) => script.Sent[number - 1].TypeUrl == ResourceType.Endpoint.TypeUrl();

        private void Answer(int number)
        {
            unanswered.Remove(number);
            var sent = script.Sent[number - 1];
            if (IsEndpoint(number))
            {
                script.Naming([.. named]);
            }

            _ = sent.Resources.Any(IsBad) ? script.Nack(number, "one of them is bad") : script.Ack(number);
        }

        // In the order of sending, as a stream delivers; a bad one makes the whole response void, as a broken rule does.
        private void Receive()
        {
            for (; received < script.Sent.Count; received++)
            {
                var response = script.Sent[received];
                unanswered.Add(received + 1);
                if (response.Resources.Any(IsBad))
                {
                    continue;
                }

                var type = ResourceTypes.FromTypeUrl(response.TypeUrl)!.Value;
                if (type == ResourceType.Cluster)
                {
                    Names.ToList().ForEach(name => held.Remove(new ResourceKey(type, name)));
                }

                foreach (var resource in response.Resources.Where(resource => type == ResourceType.Cluster || IsNamed(resource.Key.Name, ModelContent.Of(resource))))
                {
                    held.Put(resource);
                    _ = wanted.ContainsKey(resource.Key) && forgotten.Remove(resource.Key);
                }
            }
        }

        private bool IsNamed(string name, ModelContent content) =>
            named.Contains(name)
            || (content.HasAlias(name) && named.Contains(ModelContent.Alias))
            || (name.StartsWith(Member, StringComparison.Ordinal) && named.Contains(Member + "*"));

        private static bool IsBad(EncodedResource resource) => ModelContent.Of(resource).IsBad;
    }
}
