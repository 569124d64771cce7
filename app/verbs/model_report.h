// SPDX-License-Identifier: GPL-3.0-or-later
// How the verbs of `model` tell accuracies, and what they share.
#pragma once

#include "core/model/trainer.h"

#include <QJsonArray>
#include <QJsonObject>
#include <stop_token>
#include <string>
#include <vector>

namespace splitscope::app {

/// For --model's help.
inline constexpr const char* kModelChoice = "alexnet3, alexnet3-128, alexnet3-128b, alexnet5, or a spec file";

void printJson(const QJsonObject& object);
QJsonArray exitsJson(const std::vector<model::ExitAccuracy>& exits);
/// A line for each exit, below a heading, each after `prefix`.
std::string exitsTable(const std::vector<model::ExitAccuracy>& exits, const std::string& prefix);
void printExits(const std::vector<model::ExitAccuracy>& exits);

/// "splitscope-cli VERB …", without the files that mean nothing elsewhere and without --json: to be written into what it makes.
std::string repeatableCommand(const std::string& verb, const std::vector<std::string>& arguments);

/// splitscope-cli model train
int modelTrain(const std::vector<std::string>& arguments, std::stop_token stop);

}  // namespace splitscope::app
