// SPDX-License-Identifier: GPL-3.0-or-later
// Bandwidth as people type it.
#pragma once

#include "core/sim/trace.h"

#include <string>
#include <vector>

namespace splitscope::sim {

/// One grammar for command line, scenario file and dashboard:
///   2MB/s | 5.85Mbit/s | unlimited | preset:cat1|3g|4g|wifi                      a constant rate
///   trace:FILE[,format=F][,scale=2][,clip=10KB/s..5MB/s][,offset=30s][,cut=10s..70s][,once]   a recorded one (trace_import.h);
///                                                   a bare name is looked up among the shipped traces (resources/traces)
///   sweep:10KB/s..10MB/s[,steps=20][,dwell=5s][,once]                             log-spaced, up
///   step:1MB/s,100KB/s[,…][,every=10s][,once]                                      from one rate to the next
///   markov|walk|outage[:seed=1][,mean=1MB/s][,duration=300s][,…]                  generated (trace_generate.h lists the keys)
/// The result's name() is the text. An Error names the part that is wrong and says what is possible.
base::Result<Trace> parseBandwidth(const std::string& text);

/// The presets' names, as in parseBandwidth: CAT1 0.13, 3G 1.1, 4G 5.85, WiFi 18.88 Mbit/s.
std::vector<std::string> bandwidthPresets();

}  // namespace splitscope::sim
