// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/work_p.h"

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/text.h"
#include "core/session/device_monitor.h"
#include "core/session/scenario.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <condition_variable>
#include <mutex>
#include <sstream>

namespace splitscope::remote {

using base::Error;
using base::ErrorCode;

namespace {

constexpr double kInstallMs = 15 * 60'000;  ///< apt on a slow board
constexpr std::uintmax_t kMaxDaemonBytes = 512ULL << 20;
constexpr std::size_t kMaxPath = 512;

std::string megabytes(std::size_t bytes)
{
    const auto tenths = (bytes + 50'000) / 100'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::vector<std::string> words(const std::string& text)
{
    std::istringstream stream(text);
    return {std::istream_iterator<std::string>(stream), {}};
}

bool isPath(const std::string& text)
{
    return text.starts_with('/') && text.size() < kMaxPath && text.find_first_of("\n\r\"\\") == std::string::npos;
}

std::string settingsJson(const AddOptions& options, const std::string& name, const std::string& folder)
{
    QJsonObject settings{{"bind", QString::fromStdString(options.bind)},
                         {"port", options.port},
                         {"name", QString::fromStdString(name)},
                         {"modelCache", QString::fromStdString(folder + "/models")}};
    if (!options.dataRoot.empty())
        settings["dataRoot"] = QString::fromStdString(options.dataRoot);
    return QJsonDocument(settings).toJson(QJsonDocument::Compact).toStdString();
}

Error notInstalled(const Error& error) { return {error.code, error.text + "; try: splitscope-cli device add", error.where}; }

}  // namespace

base::Status Work::run(const std::vector<Step>& steps)
{
    m_report.total = steps.size();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        m_report.number = i + 1;
        m_report.title = steps[i].title;
        m_report.state = StepReport::State::Running;
        tellDetail({});
        auto found = m_ssh.stop().stop_requested() ? Error{ErrorCode::Cancelled, "was cancelled", m_ssh.place().destination}
                                                   : steps[i].run();
        m_report.state = found ? StepReport::State::Done : StepReport::State::Failed;
        tellDetail(found ? *found : found.error().message());
        if (!found) {
            auto error = found.error();
            error.where = "step " + std::to_string(i + 1) + " of " + std::to_string(steps.size()) + " (" + steps[i].title + "), "
                + error.where;
            return error;
        }
    }
    return {};
}

void Work::tellDetail(const std::string& detail)
{
    m_report.detail = detail;
    if (m_tell)
        m_tell(m_report);
}

base::Status Work::takeFacts(const Said& said)
{
    const auto fact = [&](const char* name) { return told(said, name); };
    m_system = {fact("machine"), fact("kernel"), fact("os").empty() ? fact("kernel") : fact("os")};
    if (m_system.machine == "aarch64" && fact("bits") == "32")
        m_system.machine = "armv7l";  // a 32-bit system on a 64-bit kernel
    m_root = fact("root");
    m_hostName = fact("host");
    m_freeBytes = std::strtoull(fact("free").c_str(), nullptr, 10) * 1024;
    if (m_system.machine.empty() || !isPath(fact("home")) || !isPath(fact("config")))
        return Error{ErrorCode::Unsupported, "its shell does not answer as a POSIX system does; try: " + m_ssh.byHand("uname -a"),
                     m_ssh.place().destination};
    m_paths.folder = fact("home") + "/.local/share/splitscope/daemon";
    m_paths.config = fact("config") + "/splitscope";
    m_paths.units = fact("config") + "/systemd/user";
    m_paths.systemd = fact("systemd") == "yes";
    return {};
}

Work::Step Work::look()
{
    return {"logs in and looks at the system", [this]() -> base::Result<std::string> {
                const auto said = m_ssh.ask(lookScript());
                if (!said)
                    return said.error();
                if (const auto taken = takeFacts(*said); !taken)
                    return taken.error();
                return m_hostName + ": " + m_system.machine + ", " + m_system.distribution
                    + (m_paths.systemd ? ", systemd" : ", no systemd of its own");
            }};
}

base::Status Work::send(const DaemonFile& file)
{
    auto bytes = base::readFile(file.path, kMaxDaemonBytes);
    if (!bytes)
        return bytes.error();
    const auto size = bytes->size();
    if (m_freeBytes > 0 && m_freeBytes < 2 * size)
        return Error{ErrorCode::Io,
                     "only " + megabytes(m_freeBytes) + " MB are free there, the daemon needs " + megabytes(2 * size)
                         + " MB while it is installed; try: " + m_ssh.byHand("df -h ~"),
                     m_ssh.place().destination};
    std::size_t told = 0;
    return m_ssh.upload(std::string(base::asText(*bytes)), file.isPackage ? m_paths.package() : m_paths.arrived(),
                        [&](std::size_t sent) {
                            if (sent - told < size / 50 && sent < size)
                                return;
                            told = sent;
                            tellDetail(megabytes(sent) + " of " + megabytes(size) + " MB");
                        });
}

Work::Step Work::copy(const std::filesystem::path& daemon)
{
    return {"copies the daemon", [this, daemon]() -> base::Result<std::string> {
                const auto file = chooseDaemonFile(daemon, m_system, daemonFolders());
                if (!file)
                    return file.error();
                if (const auto prepared = m_ssh.ask(prepareScript(m_paths)); !prepared)
                    return prepared.error();
                if (const auto sent = send(*file); !sent)
                    return sent.error();
                if (!file->isPackage)
                    return file->path.string();
                tellDetail("installs the package");
                const auto unpacked = m_ssh.ask(unpackScript(m_paths, m_root), kInstallMs);
                if (!unpacked)
                    return Error{unpacked.error().code,
                                 unpacked.error().text + "; copy " + file->path.filename().string()
                                     + " there and try: " + m_ssh.byHand("sudo apt install ./" + file->path.filename().string()),
                                 unpacked.error().where};
                return file->path.string() + (told(*unpacked, "way") == "apt" ? ", by apt" : ", unpacked for this account");
            }};
}

Work::Step Work::tryOut()
{
    return {"tries it there", [this]() -> base::Result<std::string> {
                const auto said = m_ssh.ask(tryScript(m_paths));
                const auto where = m_ssh.place().destination;
                if (!said)
                    return Error{said.error().code,
                                 said.error().text + "; try: " + m_ssh.byHand(m_paths.arrived() + " --version"), where};
                const auto libraries = words(told(*said, "missing"));
                if (libraries.empty())
                    return told(*said, "version");
                const auto packages = base::joined(packagesOf(libraries), " ");
                return Error{
                    ErrorCode::NotFound,
                    "libraries are missing there: " + base::joined(libraries, " ") + "; try: "
                        + m_ssh.byHand(packages.empty() ? "ldd " + m_paths.arrived() : "sudo apt-get install -y " + packages),
                    where};
            }};
}

Work::Step Work::replace()
{
    return {"puts it in place", [this]() -> base::Result<std::string> {
                const auto said = m_ssh.ask(replaceScript(m_paths));
                if (!said)
                    return said.error();
                m_replaced = true;
                return m_paths.program();
            }};
}

Work::Step Work::exchangeKeys(const AddOptions& options)
{
    return {"exchanges keys", [this, options]() -> base::Result<std::string> {
                const auto keys = link::edgeKeys();
                if (!keys)
                    return keys.error();
                m_device.name = options.name.empty() ? m_hostName : options.name;
                const auto settings = settingsJson(options, m_device.name, m_paths.folder);
                const auto said
                    = m_ssh.ask(keysScript(m_paths, settings, keys->publicKey, "edge-" + link::identityOf(keys->publicKey)));
                if (!said)
                    return Error{said.error().code,
                                 said.error().text + "; try: " + m_ssh.byHand(m_paths.program() + " --admit KEY")
                                     + " with the KEY of `splitscope-cli keys show`",
                                 said.error().where};
                m_device.key = told(*said, "key");
                if (!link::isKey(m_device.key))
                    return Error{ErrorCode::InvalidInput,
                                 "the daemon told no public key; try: " + m_ssh.byHand(m_paths.program() + " --public-key"),
                                 m_ssh.place().destination};
                m_device.port = options.port;
                m_device.ssh = m_ssh.place();
                return "the device's key is " + m_device.key;
            }};
}

base::Result<std::string> Work::startNow()
{
    const auto said = m_ssh.ask(startScript(m_paths), 60'000);
    if (!said)
        return Error{said.error().code,
                     "the daemon did not start: " + said.error().text
                         + "; try: " + m_ssh.byHand(m_paths.program() + " --config " + m_paths.settings()),
                     said.error().where};
    const bool systemd = told(*said, "how") == "systemd";
    if (!systemd)
        return std::string("as a plain process: it does not come back by itself after the device was switched off");
    return std::string("by systemd")
        + (told(*said, "lasting") == "yes"
               ? ""
               : ", until this account logs out there; try: sudo loginctl enable-linger on the device");
}

Work::Step Work::start()
{
    return {"starts the daemon", [this] { return startNow(); }};
}

Work::Step Work::startUnlessRunning()
{
    return {"starts the daemon", [this]() -> base::Result<std::string> {
                const auto said = m_ssh.ask(statusScript(m_paths));
                if (!said)
                    return notInstalled(said.error());
                return told(*said, "state") == "running" ? std::string("it was running already") : startNow();
            }};
}

Work::Step Work::stop()
{
    return {"stops the daemon", [this]() -> base::Result<std::string> {
                const auto said = m_ssh.ask(stopScript(m_paths));
                if (!said)
                    return said.error();
                return std::string(told(*said, "was") == "running" ? "it ended" : "it was not running");
            }};
}

Work::Step Work::status()
{
    return {"looks at the daemon", [this]() -> base::Result<std::string> {
                const auto said = m_ssh.ask(statusScript(m_paths));
                if (!said)
                    return notInstalled(said.error());
                return told(*said, "state") + ", " + told(*said, "version")
                    + (told(*said, "how") == "systemd" ? ", by systemd" : ", as a plain process");
            }};
}

Work::Step Work::connect(const AddOptions& options)
{
    return {"connects to it", [this, options]() -> base::Result<std::string> {
                const auto host = options.host.empty() ? m_ssh.hostName() : base::Result<std::string>(options.host);
                if (!host)
                    return host.error();
                m_device.host = *host;
                const auto address = session::addressOf(m_device);
                if (const auto parsed = session::parseTcpAddress(address); !parsed)
                    return parsed.error();
                const session::DeviceMonitor monitor(address, m_device.key, {});
                std::mutex mutex;
                std::condition_variable_any wake;
                const auto deadline = base::nowNs() + base::fromMs(options.connectMs);
                while (!m_ssh.stop().stop_requested()) {
                    const auto view = monitor.view();
                    if (view.welcome)
                        return address + " answers: " + view.welcome->program;
                    if (view.gaveUp && view.problem)
                        return *view.problem;
                    if (base::nowNs() > deadline)
                        return Error{ErrorCode::Unreachable,
                                     "the daemon runs there but does not answer at this address: does a firewall let TCP ports "
                                         + std::to_string(options.port) + " and " + std::to_string(options.port + 1)
                                         + " in, is another address to be used (--host)? Try: nc -vz " + *host + " "
                                         + std::to_string(options.port),
                                     address};
                    std::unique_lock lock(mutex);
                    wake.wait_for(lock, m_ssh.stop(), std::chrono::milliseconds(50), [] { return false; });
                }
                return Error{ErrorCode::Cancelled, "was cancelled", address};
            }};
}

Work::Step Work::takeAway()
{
    return {"takes the daemon away", [this]() -> base::Result<std::string> {
                const auto keys = link::edgeKeys();
                if (!keys)
                    return keys.error();
                const auto said = m_ssh.ask(removeScript(m_paths, keys->publicKey, m_root), kInstallMs);
                if (!said)
                    return said.error();
                const auto kept = told(*said, "kept");
                return kept.empty() ? "nothing is left there" : "kept there: " + kept;
            }};
}

void Work::restore()
{
    if (m_ssh.ask(restoreScript(m_paths)))
        static_cast<void>(startNow());
}

}  // namespace splitscope::remote
