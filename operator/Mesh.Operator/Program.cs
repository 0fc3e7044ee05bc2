// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Mesh.Operator.Cli;

var root = new RootCommand("Mesh Operator: a sidecarless service mesh control plane for Envoy")
{
    RunCommand.Create(),
    NodeCommand.Create(),
    StatusCommand.Create(),
    TranslateCommand.Create(),
    GenerateCommand.Create(),
};

// A stop takes as long as Envoy takes to drain and to end; cut short after the default of two seconds it would leave Envoy behind.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
return await root.Parse(args).InvokeAsync(invocation);
