// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes.Tokens;

namespace Mesh.Tests.Kubernetes.Tokens;

internal sealed class BoundedCacheTests
{
    [Test]
    public void Entry_that_was_not_asked_for_the_longest_makes_room()
    {
        var cache = new BoundedCache<string, int>(2);
        cache.Set("a", 1);
        cache.Set("b", 2);
        _ = cache.TryGet("a", out _);

        cache.Set("c", 3);

        Assert.That((cache.TryGet("a", out var a), a), Is.EqualTo((true, 1)));
        Assert.That(cache.TryGet("b", out _), Is.False);
        Assert.That((cache.TryGet("c", out var c), c, cache.Count), Is.EqualTo((true, 3, 2)));
    }

    [Test]
    public void Entry_is_replaced_and_removed()
    {
        var cache = new BoundedCache<string, int>(2);
        cache.Set("a", 1);

        cache.Set("a", 2);
        Assert.That((cache.TryGet("a", out var a), a, cache.Count), Is.EqualTo((true, 2, 1)));

        cache.Remove("a");
        cache.Remove("never there");
        Assert.That((cache.TryGet("a", out _), cache.Count), Is.EqualTo((false, 0)));
    }
}
