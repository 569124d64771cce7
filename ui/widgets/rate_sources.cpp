// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rate_sources.h"

#include "ui/models/texts.h"

namespace splitscope::ui {

const std::vector<RateSource>& varyingRates()
{
    static const std::vector<RateSource> kSources{
        {tr("sweep 10 KB/s … 10 MB/s"), QStringLiteral("sweep:10KB/s..10MB/s,dwell=3s")},
        {tr("steps 2 MB/s, 200 KB/s"), QStringLiteral("step:2MB/s,200KB/s,every=8s")},
        {tr("Markov chain"), QStringLiteral("markov")},
        {tr("random walk"), QStringLiteral("walk")},
        {tr("with outages"), QStringLiteral("outage")}};
    return kSources;
}

QString traceFileFilter() { return tr("Bandwidth traces (*.csv *.log *.json *.up *.txt);;All files (*)"); }

}  // namespace splitscope::ui
