// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/run_environment.h"

#include "core/base/host_name.h"
#include "core/model/versions.h"
#include "core/profile/machine.h"
#include "core/session/process_usage.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <charconv>
#include <sqlite3.h>

namespace splitscope::session {

namespace {

/// When the process started, in the kernel's ticks: ids are used again, pairs of both are not. Empty: there is none, or it is
/// dead and waits for its parent to notice.
std::string startOf(const std::string& pid)
{
    constexpr std::size_t kStartField = 19;
    const auto stat = statFields(pid);
    return stat.size() > kStartField && stat[0] != "Z" ? stat[kStartField] : std::string();
}

QString text(const std::string& value) { return QString::fromStdString(value); }

}  // namespace

std::string environmentJson(const std::string& device)
{
    const auto machine = profile::describeMachine();
    const QJsonObject object{{"host", text(base::hostName())},
                             {"machine", text(machine.name)},
                             {"processor", text(machine.processor)},
                             {"architecture", text(machine.architecture)},
                             {"cores", machine.cores},
                             {"memory_bytes", machine.memoryBytes},
                             {"system", text(machine.system)},
                             {"program", text(machine.program)},
                             {"libtorch", text(model::torchVersion())},
                             {"sqlite", QString::fromLatin1(sqlite3_libversion())},
                             {"qt", QString::fromLatin1(qVersion())},
                             {"device", text(device)}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

std::string thisWriter()
{
    const auto pid = std::to_string(getpid());
    return base::hostName() + ":" + pid + ":" + startOf(pid);
}

bool isAlive(const std::string& writer)
{
    const auto start = writer.rfind(':');
    if (start == std::string::npos || start == 0)
        return false;
    const auto pid = writer.rfind(':', start - 1);
    if (pid == std::string::npos || writer.substr(0, pid) != base::hostName())
        return false;
    const auto number = writer.substr(pid + 1, start - pid - 1);
    if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos)
        return false;
    const auto started = startOf(number);
    return !started.empty() && started == writer.substr(start + 1);
}

}  // namespace splitscope::session
