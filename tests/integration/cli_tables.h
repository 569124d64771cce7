// SPDX-License-Identifier: GPL-3.0-or-later
// A cost table of invented numbers, in a file that the command line reads.
#pragma once

#include "tests/core/profile/cost_samples.h"

#include <QTemporaryDir>

/// Of alexnet3; an empty name where it cannot be written.
inline QString writeSampleTable(const QTemporaryDir& folder)
{
    using namespace splitscope;
    const QString file = folder.filePath("table.json");
    return profile::sampleTable(*model::loadNetworkSpec("alexnet3")).save(file.toStdString()).ok() ? file : QString();
}
