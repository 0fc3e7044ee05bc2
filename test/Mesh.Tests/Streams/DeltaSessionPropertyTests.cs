// SPDX-License-Identifier: Apache-2.0
using FsCheck;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;

namespace Mesh.Tests.Streams;

/// <summary>
/// Whatever comes in whatever order, in the end the proxy holds exactly what it is subscribed to in the newest snapshot, but for the
/// versions that it refuses; there it holds an older one or none.
/// </summary>
internal sealed class DeltaSessionPropertyTests
{
    private const string Member = "member/";
    private static readonly string[] Names = ["a", "b", "c", "d", Member + "1", Member + "2"];
    private static readonly string[] Asked = [.. Names, ModelContent.Alias, Member + "*"];
    private static readonly ResourceType[] Types = [ResourceType.Cluster, ResourceType.Endpoint];
    private static readonly SessionLimits FewUnanswered = SessionLimits.Default with { Unanswered = 2 };

    [Explored(cases: 3000)]
    public Property Session_any_interleaving_ends_at_the_newest_snapshot() => Interleavings.Of(static steps => Run(steps, SessionLimits.Default));

    [Explored(cases: 3000)]
    public Property Session_any_interleaving_with_pushes_held_back_ends_at_the_newest_snapshot() =>
        Interleavings.Of(static steps => Run(steps, FewUnanswered));

    /// <summary>A refusal of another response's only resource came between those of a halved one, and good resources were given up with the bad.</summary>
    [Test]
    public void Session_halves_on_when_a_single_resource_is_refused_meanwhile() => Assert.That(
        Run([414721, 887865, 944663, 60727, 550293, 205115, 259207, 761355, 986743, 241181], FewUnanswered), Is.True);

    /// <summary>Four bad ones of one response are tried one by one, with growing pauses; a removal waits for them.</summary>
    [Test]
    public void Session_removes_after_a_long_search_for_what_is_refused() => Assert.That(
        Run([921093, 527543, 403358, 824083, 314883, 579263, 378911, 24871, 572417, 157169, 809783], SessionLimits.Default), Is.True);

    /// <summary>The proxy had accepted nothing but an empty response: four bad ones of six were taken for a proxy that refuses everything.</summary>
    [Test]
    public void Session_finds_the_good_ones_among_many_bad() => Assert.That(
        Run([337042, 957980, 503870, 694286, 145462, 926236, 196746, 981012, 308477], FewUnanswered), Is.True);

    private static bool Run(int[] steps, SessionLimits limits)
    {
        // Beside a wildcard the proxy is told of what it has dropped; without one it forgets it by itself.
        var client = new ModelClient(new Script(limits), hasWildcard: steps.Length == 0 || steps[^1] % 7 < 4);
        foreach (var step in steps)
        {
            client.Step(step);
        }

        client.AnswerAll();
        return client.IsSettled();
    }

    /// <summary>
    /// A proxy of a few lines, to compare with: it applies what it is sent, refuses what is bad, drops what it does not hear of for the TTL,
    /// refuses heartbeats of what it does not have, and answers late.
    /// </summary>
    private sealed class ModelClient
    {
        private readonly Script script;
        private readonly bool hasWildcard;
        private readonly ModelHoldings held;
        private readonly Dictionary<ResourceKey, (ModelContent Content, bool OnDemand)> wanted = [];
        private readonly HashSet<ResourceKey> named = [];
        private readonly List<int> unanswered = [];
        private readonly HashSet<int> refused = [];
        private int received;

        public ModelClient(Script script, bool hasWildcard)
        {
            this.script = script;
            this.hasWildcard = hasWildcard;
            held = new ModelHoldings(script.Time);
            if (!hasWildcard)
            {
                script.Publish();
                return;
            }

            // Before the first snapshot.
            foreach (var type in Types)
            {
                script.Subscribe(type, "*");
                Receive();
            }
        }

        public void Step(int step)
        {
            var key = Key(Types[step % 2], Names[step / 2 % Names.Length]);
            var asked = Key(key.Type, Asked[step / 2 % Asked.Length]);
            var more = step / 128;
            switch (step / 16 % 8)
            {
                case 0 or 1:
                    Publish(key, more);
                    break;
                case 2:
                    wanted.Remove(key);
                    script.Publish([key]);
                    break;
                case 3:
                    named.Add(asked);
                    script.Subscribe(asked.Type, asked.Name);
                    break;
                case 4:
                    // Answers come in any order.
                    if (unanswered.Count > 0)
                    {
                        Answer(unanswered[more % unanswered.Count]);
                    }

                    break;
                case 5:
                    Unsubscribe(asked);
                    break;
                case 6:
                    Elapse(TimeSpan.FromSeconds(1 + (more % 6)));
                    break;
                default:
                    Reconnect();
                    break;
            }

            Receive();
        }

        public void AnswerAll()
        {
            // What has a TTL is never at rest: after so many calls without anything under way all the rest is.
            var calls = 0;
            for (var guard = 0; unanswered.Count > 0 || (script.RetryAfter is not null && calls < 40); guard++)
            {
                Assert.That(guard, Is.LessThan(2000), "answers and responses chase each other");
                if (unanswered.Count > 0)
                {
                    Answer(unanswered[0]);
                }
                else
                {
                    calls = script.State.Pending.IsEmpty ? calls + 1 : 0;
                    script.Retry();
                    held.End();
                }

                Receive();
            }
        }

        public bool IsSettled()
        {
            foreach (var key in Types.SelectMany(static type => Names.Select(name => Key(type, name))))
            {
                var has = held.Find(key);
                var should = wanted.TryGetValue(key, out var value) && IsCovered(key, value) ? value.Content : null;
                var isRefused = should?.IsBad == true;
                Assert.That(isRefused ? has?.IsBad != true : has == should, Is.True, $"{key} is {has}, should be {should}");
                Assert.That(script.State.Rejected.ContainsKey(key), Is.EqualTo(isRefused), $"{key} should be {should}");
                if (!isRefused || !held.HasEnded(key))
                {
                    Assert.That(script.State.Accepted.ContainsKey(key), Is.EqualTo(has is not null), $"{key} is {has}");
                }
            }

            Assert.That(script.State.Pending, Is.Empty);
            return true;
        }

        private bool IsCovered(ResourceKey key, (ModelContent Content, bool OnDemand) resource) =>
            (hasWildcard && !resource.OnDemand && !key.Name.Contains(Member, StringComparison.Ordinal)) || IsNamed(key, resource.Content);

        private bool IsNamed(ResourceKey key, ModelContent content) =>
            named.Contains(key)
            || (content.HasAlias(key.Name) && named.Contains(key with { Name = ModelContent.Alias }))
            || (key.Name.Contains(Member, StringComparison.Ordinal) && named.Contains(Key(key.Type, Member + "*")));

        private static ResourceKey Key(ResourceType type, string name) =>
            new(type, name.StartsWith(Member, StringComparison.Ordinal) ? $"xdstp://m/{type.Name()}/{name}" : name);

        private void Unsubscribe(ResourceKey asked)
        {
            named.Remove(asked);
            script.Unsubscribe(asked.Type, asked.Name);
            if (!hasWildcard)
            {
                held.RemoveAll((key, content) => !IsNamed(key, content));
            }
        }

        private void Publish(ResourceKey key, int more)
        {
            var ttl = (more / 8 % 4) switch
            {
                0 => TimeSpan.FromSeconds(4),
                1 => TimeSpan.FromSeconds(7),
                _ => (TimeSpan?)null,
            };
            wanted[key] = (new ModelContent(ModelContent.TextOf(more), ttl), more / 32 % 3 == 0);
            script.Publish(wanted[key].Content.Encoded(key, wanted[key].OnDemand));
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
                if (names.Length == 0)
                {
                    // A first request without names would be a wildcard.
                    continue;
                }

                script.Resume(type, names, [.. held.All.Where(pair => pair.Key.Type == type).Select(static pair => pair.Content.Encoded(pair.Key))]);
            }
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

        private void Answer(int number)
        {
            unanswered.Remove(number);
            _ = refused.Contains(number) ? script.Nack(number, "one of them is bad") : script.Ack(number);
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

                if (response.Form == ResponseForm.Heartbeat ? response.Resources.Any(resource => !Has(resource)) : response.Resources.Any(IsBad))
                {
                    refused.Add(received + 1);
                    continue;
                }

                response.Resources.ToList().ForEach(held.Put);
            }
        }

        private bool Has(EncodedResource resource) => held.Find(resource.Key) == ModelContent.Of(resource);

        private static bool IsBad(EncodedResource resource) => ModelContent.Of(resource).IsBad;
    }
}
