// SPDX-License-Identifier: GPL-3.0-or-later
// Bandwidth as people type it.
#pragma once

#include "core/sim/trace.h"

#include <string>
#include <vector>

namespace splitscope::sim {

/// One grammar for command line, scenario file and dashboard:
///   2MB/s | 5.85Mbit/s | unlimited | preset:cat1|3g|4g|wifi                      a constant rate
///   trace:FILE[,format=F][,bin=100ms]           a recorded one (trace_import.h); a bare name is looked up among the shipped
///                                               traces (resources/traces) first
///   sweep:10KB/s..10MB/s[,steps=20][,dwell=5s]  log-spaced, from the one to the other
///   step:1MB/s,100KB/s[,…][,every=10s]          from one rate to the next
///   markov[:seed=1][,mean=1MB/s][,duration=300s][,every=1s][,stay=0.9]            generated (trace_generate.h)
///         [,states=100KB/s:1MB/s[,transitions=0.9:0.1/0.2:0.8]]
///   walk[:seed=1][,mean=1MB/s][,duration=300s][,every=1s][,sigma=0.2][,range=40]
///   outage[:seed=1][,mean=1MB/s|rate=1MB/s][,duration=300s][,on=20s][,off=2s]
/// All but constant rates can be changed, see withChanges().
/// The result's name() is the text. An Error names the part that is wrong and says what is possible.
base::Result<Trace> parseBandwidth(const std::string& text);

/// What a person calls a trace where a file is as likely as anything else: a file if there is one, else parseBandwidth().
base::Result<Trace> openTrace(const std::string& fileOrBandwidth);

/// "scale=2,clip=10KB/s..5MB/s,offset=30s,cut=10s..70s,once", as behind trace:FILE. Whatever their order, a part is cut first,
/// then its rates are scaled, then clipped, then the start is moved.
base::Result<Trace> withChanges(const Trace& trace, const std::string& changes);

/// The presets' names, as in parseBandwidth: CAT1 0.13, 3G 1.1, 4G 5.85, WiFi 18.88 Mbit/s.
std::vector<std::string> bandwidthPresets();

}  // namespace splitscope::sim
