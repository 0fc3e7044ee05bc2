// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Naming;

namespace Mesh.Tests.Naming;

internal sealed class XdstpNameTests
{
    [TestCase("xdstp://a/t/p", "xdstp://a/t/p", "xdstp://a/t/*")]
    [TestCase("xdstp:///t/p", "xdstp:///t/p", "xdstp:///t/*")]
    [TestCase("xdstp://a/t/p/q?z=1&b=2", "xdstp://a/t/p/q?b=2&z=1", "xdstp://a/t/p/*?b=2&z=1")]
    [TestCase("xdstp://a/t/p?b-c=1&b=2", "xdstp://a/t/p?b=2&b-c=1", "xdstp://a/t/*?b=2&b-c=1", Description = "by key, not by text")]
    [TestCase("xdstp://a/t/p?", "xdstp://a/t/p", "xdstp://a/t/*")]
    [TestCase("xdstp://a/t/p?k&&l=", "xdstp://a/t/p?k=&l=", "xdstp://a/t/*?k=&l=")]
    [TestCase("xdstp://a/t/%70%2Fq", "xdstp://a/t/p/q", "xdstp://a/t/p/*", Description = "the path is one opaque text")]
    [TestCase("xdstp://a/t/%3a%5b%25", "xdstp://a/t/%3A%5B%25", "xdstp://a/t/*")]
    [TestCase("xdstp://a/t/l:80 ü", "xdstp://a/t/l%3A80%20%C3%BC", "xdstp://a/t/*")]
    [TestCase("xdstp://a%2fb/t/p?k=a%3Db%26", "xdstp://a%2Fb/t/p?k=a%3Db%26", "xdstp://a%2Fb/t/*?k=a%3Db%26")]
    [TestCase("xdstp://a/t/p?k=x?y/z", "xdstp://a/t/p?k=x?y/z", "xdstp://a/t/*?k=x?y/z")]
    public void Name_has_one_normal_form_and_one_collection(string text, string normal, string collection)
    {
        Assert.That(XdstpName.TryParse(text, out var name, out _), Is.True);

        Assert.That((name!.Text, name.Collection, name.IsCollection, name.ResourceType), Is.EqualTo((normal, collection, false, "t")));
        Assert.That(XdstpName.Normal(normal), Is.EqualTo(normal));
    }

    [TestCase("xdstp://a/t/*", true)]
    [TestCase("xdstp://a/t/p/*?k=v", true)]
    [TestCase("xdstp://a/t/p/%2A", true)]
    [TestCase("xdstp://a/t/p*", false)]
    [TestCase("xdstp://a/t/*/p", false)]
    public void Name_is_a_collection_when_its_path_ends_in_a_star_alone(string text, bool isCollection)
    {
        Assert.That(XdstpName.TryParse(text, out var name, out _), Is.True);

        Assert.That(name!.IsCollection, Is.EqualTo(isCollection));
    }

    [TestCase("xdstp:a/t/p", "does not begin with xdstp://")]
    [TestCase("xdstp://a", "no resource type")]
    [TestCase("xdstp://a/", "no resource type")]
    [TestCase("xdstp://a//p", "no resource type")]
    [TestCase("xdstp://a/t", "no path after the resource type")]
    [TestCase("xdstp://a/t/", "no path after the resource type")]
    [TestCase("xdstp://a/t/?k=v/w", "no path after the resource type")]
    [TestCase("xdstp://a/t/p#entry=x", "directives")]
    [TestCase("xdstp://a/t/p%2", "two hexadecimal digits")]
    [TestCase("xdstp://a/t/p%zz", "two hexadecimal digits")]
    [TestCase("xdstp://a/t/p%ff", "no UTF-8")]
    [TestCase("xdstp://a/t/p?k=%", "two hexadecimal digits")]
    [TestCase("xdstp://a/t/p?=v", "no key")]
    [TestCase("xdstp://a/t/p?k=1&k=1", "the parameter k is there twice")]
    public void Name_malformed_says_what_would_be_right(string text, string problem)
    {
        Assert.That(XdstpName.TryParse(text, out _, out var said), Is.False);

        Assert.That(said, Does.Contain(problem).And.Contain("xdstp://AUTHORITY/TYPE/PATH"));
        Assert.That(XdstpName.Normal(text), Is.EqualTo(text));
    }

    [TestCase("a", false)]
    [TestCase("xdstp", false)]
    [TestCase("r/xdstp://a/t/p", false)]
    [TestCase("xdstp:", true)]
    public void Name_is_meant_to_be_one_by_its_scheme(string text, bool isMeant)
    {
        Assert.That(XdstpName.IsMeant(text), Is.EqualTo(isMeant));
    }
}
