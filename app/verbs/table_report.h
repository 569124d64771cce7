// SPDX-License-Identifier: GPL-3.0-or-later
// How the verbs of `table` tell an accuracy table, and the verbs that have files of their own.
#pragma once

#include "app/options.h"
#include "core/profile/accuracy_table.h"

#include <QJsonObject>
#include <optional>
#include <stop_token>

namespace splitscope::app {

/// --coder: whose bytes are told.
void addCoderOption(Options& options, std::optional<codec::EntropyCoder>& coder);

/// Every decision with its accuracy and bytes, as JSON and for people.
QJsonObject accuracyTableJson(const profile::AccuracyTable& table);
void printAccuracyTable(const profile::AccuracyTable& table);

/// splitscope-cli table accuracy
int tableAccuracy(const std::vector<std::string>& arguments, std::stop_token stop);

}  // namespace splitscope::app
