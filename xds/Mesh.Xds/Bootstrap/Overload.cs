// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Overload.V3;
using Envoy.Extensions.ResourceMonitors.DownstreamConnections.V3;
using Envoy.Extensions.ResourceMonitors.FixedHeap.V3;
using Mesh.Xds.Translation;

namespace Mesh.Xds.Bootstrap;

/// <summary>What Envoy gives up, in order, before it would be killed for its memory: one process serves all pods of the node.</summary>
internal static class Overload
{
    private const string Heap = "envoy.resource_monitors.fixed_heap";
    private const string Connections = "envoy.resource_monitors.global_downstream_max_connections";
    private const long MaximumConnections = 50_000;

    public static OverloadManager Build(ulong maximumHeapBytes)
    {
        var manager = new OverloadManager
        {
            RefreshInterval = TimeSpan.FromSeconds(0.25).ToDuration(),
            BufferFactoryConfig = new BufferFactoryConfig { MinimumAccountToTrackPowerOfTwo = 20 },
        };
        manager.ResourceMonitors.Add(new ResourceMonitor
        {
            Name = Heap,
            TypedConfig = ProtoValues.Pack(new FixedHeapConfig { MaxHeapSizeBytes = maximumHeapBytes }),
        });
        manager.ResourceMonitors.Add(new ResourceMonitor
        {
            Name = Connections,
            TypedConfig = ProtoValues.Pack(new DownstreamConnectionsConfig { MaxActiveDownstreamConnections = MaximumConnections }),
        });
        manager.Actions.AddRange(
        [
            Action("envoy.overload_actions.shrink_heap", At(0.90)),
            ReduceTimeouts(),
            Action("envoy.overload_actions.disable_http_keepalive", At(0.92)),
            Action("envoy.overload_actions.reset_high_memory_stream", Between(0.95, 0.98)),
            Action("envoy.overload_actions.stop_accepting_requests", At(0.97)),
        ]);
        manager.LoadshedPoints.Add(Point("envoy.load_shed_points.http_connection_manager_decode_headers", 0.96));
        manager.LoadshedPoints.Add(Point("envoy.load_shed_points.tcp_listener_accept", 0.98));
        return manager;
    }

    private static OverloadAction ReduceTimeouts()
    {
        var action = Action("envoy.overload_actions.reduce_timeouts", Between(0.85, 0.95));
        var timers = new ScaleTimersOverloadActionConfig();
        timers.TimerScaleFactors.Add(new ScaleTimersOverloadActionConfig.Types.ScaleTimer
        {
            Timer = ScaleTimersOverloadActionConfig.Types.TimerType.HttpDownstreamConnectionIdle,
            MinTimeout = TimeSpan.FromSeconds(2).ToDuration(),
        });
        action.TypedConfig = ProtoValues.Pack(timers);
        return action;
    }

    private static OverloadAction Action(string name, Trigger trigger)
    {
        var action = new OverloadAction { Name = name };
        action.Triggers.Add(trigger);
        return action;
    }

    private static LoadShedPoint Point(string name, double threshold)
    {
        var point = new LoadShedPoint { Name = name };
        point.Triggers.Add(At(threshold));
        return point;
    }

    private static Trigger At(double threshold) => new() { Name = Heap, Threshold = new ThresholdTrigger { Value = threshold } };

    private static Trigger Between(double scaling, double saturation) => new()
    {
        Name = Heap,
        Scaled = new ScaledTrigger { ScalingThreshold = scaling, SaturationThreshold = saturation },
    };
}
