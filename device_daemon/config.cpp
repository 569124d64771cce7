// SPDX-License-Identifier: GPL-3.0-or-later
#include "device_daemon/config.h"

#include "core/base/files.h"
#include "core/base/units.h"
#include "core/data/data_set.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cerrno>
#include <cstring>
#include <functional>
#include <map>
#include <unistd.h>

namespace splitscope::daemon {

namespace fs = std::filesystem;

namespace {

constexpr int kMaxPort = 65534;  // data listens on the next one
constexpr int kMaxThreads = 256;
constexpr std::size_t kMaxLoopbackLine = 16 * 1024;

base::Error wrong(const std::string& text, const std::string& where) { return {base::ErrorCode::InvalidInput, text, where}; }

/// Sets a setting from its text; the same for flags and the file.
using Setter = std::function<base::Status(Config&, const std::string& text, const std::string& where)>;

template <typename Member>
Setter textSetter(Member member)
{
    return [member](Config& config, const std::string& text, const std::string& where) -> base::Status {
        if (text.empty())
            return wrong("must not be empty", where);
        config.*member = text;
        return {};
    };
}

Setter numberSetter(int Config::*member, int low, int high)
{
    return [=](Config& config, const std::string& text, const std::string& where) -> base::Status {
        const auto number = base::parseInteger(text, low, high, where);
        if (!number)
            return number.error();
        config.*member = static_cast<int>(*number);
        return {};
    };
}

struct Setting {
    const char* flag;
    const char* key;  ///< in the configuration file; nullptr: a flag only
    Setter set;
};

const std::vector<Setting>& settings()
{
    static const std::vector<Setting> all{
        {"--bind", "bind", textSetter(&Config::bind)},
        {"--port", "port", numberSetter(&Config::port, 0, kMaxPort)},
        {"--keys", "keys", textSetter(&Config::keysFile)},
        {"--allow", "allow", textSetter(&Config::allowFile)},
        {"--data-root", "dataRoot", textSetter(&Config::dataRoot)},
        {"--model-cache", "modelCache", textSetter(&Config::modelCache)},
        {"--interface", "interface", textSetter(&Config::interface)},
        {"--threads", "threads", numberSetter(&Config::threads, 0, kMaxThreads)},
        {"--name", "name", textSetter(&Config::name)},
        {"--loopback", nullptr, numberSetter(&Config::loopbackFd, 0, 1 << 20)},
    };
    return all;
}

base::Status applyFlag(const std::string& flag, const std::string& value, Config& config)
{
    for (const auto& setting : settings())
        if (flag == setting.flag)
            return setting.set(config, value, flag);
    return wrong("is not an option; --help lists them", flag);
}

base::Status applyFile(const std::string& file, Config& config)
{
    constexpr std::uintmax_t kMaxFile = 1 << 20;
    const auto bytes = base::readFile(file, kMaxFile);
    if (!bytes)
        return bytes.error();
    return applyConfigFile(base::asText(*bytes), file, config);
}

/// "KEY" or "KEY NAME".
base::Status applyAdmit(const std::string& value, CommandLine& line)
{
    const auto space = value.find(' ');
    line.edgeKey = value.substr(0, space);
    line.edgeName = space == std::string::npos ? "" : value.substr(space + 1);
    if (!link::isKey(line.edgeKey))
        return wrong("must be an edge's public key of 40 characters, and perhaps a name: 'KEY NAME'", "--admit");
    return {};
}

base::Result<QJsonObject> parseObject(std::string_view json, const std::string& where)
{
    QJsonParseError problem;
    const auto document = QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())), &problem);
    if (!document.isObject())
        return wrong("is not a JSON object (" + problem.errorString().toStdString() + " at byte " + std::to_string(problem.offset)
                         + ")",
                     where);
    return document.object();
}

}  // namespace

base::Result<CommandLine> parseCommandLine(const std::vector<std::string>& arguments)
{
    CommandLine line;
    if (!arguments.empty() && arguments[0] == "--self-test") {
        line.wanted = Wanted::SelfTest;
        line.selfTestArguments.assign(arguments.begin() + 1, arguments.end());
        return line;
    }
    std::map<std::string, std::string> flags;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        auto flag = arguments[i];
        if (flag == "--help" || flag == "-h")
            return CommandLine{Wanted::Help, {}, {}};
        if (flag == "--version")
            return CommandLine{Wanted::Version, {}, {}};
        if (flag == "--public-key" || flag == "--pair") {
            line.wanted = flag == "--pair" ? Wanted::Pair : Wanted::PublicKey;
            continue;
        }
        std::string value;
        if (const auto equals = flag.find('='); equals != std::string::npos && flag.starts_with("--")) {
            value = flag.substr(equals + 1);
            flag.resize(equals);
        } else if (flag.starts_with("--") && i + 1 < arguments.size()) {
            value = arguments[++i];
        } else {
            return wrong(flag.starts_with("--") ? "needs a value" : "is not an option; --help lists them", flag);
        }
        flags[flag] = value;
    }
    if (const auto admit = flags.extract("--admit"); !admit.empty()) {
        line.wanted = Wanted::Admit;
        if (auto status = applyAdmit(admit.mapped(), line); !status)
            return status.error();
    }
    if (const auto file = flags.extract("--config"); !file.empty())
        if (auto status = applyFile(file.mapped(), line.config); !status)
            return status.error();
    for (const auto& [flag, value] : flags)
        if (auto status = applyFlag(flag, value, line.config); !status)
            return status.error();
    return line;
}

std::string usage()
{
    return "usage: splitscoped [options]\n"
           "Runs the device's half of split networks for the edges that may connect.\n\n"
           "  --config FILE       settings as JSON, keys as the options in camelCase; options win over it\n"
           "  --bind ADDRESS      where to listen (127.0.0.1); 0.0.0.0 for everywhere\n"
           "  --port N            control port; data uses the next one ("
        + std::to_string(kDefaultPort)
        + "); 0: any free ones\n"
          "  --keys FILE         this device's key pair, made on first use (~/.config/splitscope/daemon-keys.json)\n"
          "  --allow FILE        public keys that may connect, one a line (~/.config/splitscope/allowed-edges)\n"
          "  --data-root DIR     folders and zips of images under it may be read by runs\n"
          "  --model-cache DIR   keep models that edges sent for the next start\n"
          "  --interface IF      let runs shape this network interface with the kernel's tc (needs CAP_NET_ADMIN)\n"
          "  --threads N         use at most so many threads for a network; 0: as many as runs ask for (0)\n"
          "  --name NAME         shown on the edge (the host's name)\n"
          "  --admit 'KEY NAME'  adds an edge's public key to the allow-list, prints this device's own, and ends\n"
          "  --public-key        prints this device's public key (made on first use), and ends\n"
          "  --pair              for two minutes an edge that is not listed yet may pair: both sides show the same six\n"
          "                      digits, and whoever sits here confirms them; runs beside the serving daemon\n"
          "  --loopback FD       serve the parent process, which writes the keys to this pipe\n"
          "  --self-test [--json]  find out whether what is installed here works, and end\n"
          "  --version, --help\n\n"
          "Ends cleanly on SIGTERM and SIGINT. Exit status: 0 done, 1 failed, 2 wrong usage.\n";
}

base::Status applyConfigFile(std::string_view json, const std::string& where, Config& config)
{
    const auto object = parseObject(json, where);
    if (!object)
        return object.error();
    for (const auto& name : object->keys()) {
        const auto key = name.toStdString();
        const auto at = where + ": " + key;
        const Setting* setting = nullptr;
        for (const auto& candidate : settings())
            if (candidate.key && key == candidate.key)
                setting = &candidate;
        if (!setting)
            return wrong("is not a setting", at);
        const auto value = object->value(name);
        if (!value.isString() && !value.isDouble())
            return wrong("must be a text or a number", at);
        if (auto status = setting->set(config, value.toVariant().toString().toStdString(), at); !status)
            return status;
    }
    return {};
}

base::Status applyLoopbackLine(std::string_view line, Config& config)
{
    const std::string where = "loopback line";
    const auto object = parseObject(line, where);
    if (!object)
        return object.error();
    config.loopbackKeys.publicKey = object->value("public").toString().toStdString();
    config.loopbackKeys.secretKey = object->value("secret").toString().toStdString();
    const auto allowed = object->value("allowed");
    const auto list = allowed.isArray() ? allowed.toArray() : QJsonArray{allowed};
    for (const auto& key : list)
        config.loopbackAllowed.push_back(key.toString().toStdString());
    auto keys = config.loopbackAllowed;
    keys.push_back(config.loopbackKeys.publicKey);
    keys.push_back(config.loopbackKeys.secretKey);
    for (const auto& key : keys)
        if (!link::isKey(key))
            return wrong("needs \"public\", \"secret\" and \"allowed\" keys of 40 characters", where);
    const auto bind = object->value("bind");
    if (!bind.isUndefined() && (!bind.isString() || bind.toString().isEmpty()))
        return wrong("\"bind\" must be an address", where);
    config.bind = bind.toString("127.0.0.1").toStdString();
    config.port = 0;
    if (config.dataRoot.empty())
        config.dataRoot = "/";  // the parent is this user's own program
    return {};
}

base::Status readLoopbackLine(Config& config)
{
    std::string line;
    for (;;) {
        char c = 0;
        const auto n = ::read(config.loopbackFd, &c, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return base::Error{base::ErrorCode::Io, std::strerror(errno), "--loopback " + std::to_string(config.loopbackFd)};
        if (n == 0)
            return wrong("the parent closed the pipe before it sent the keys", "--loopback");
        if (c == '\n')
            return applyLoopbackLine(line, config);
        line += c;
        if (line.size() > kMaxLoopbackLine)
            return wrong("the parent's line is too long", "--loopback");
    }
}

base::Result<std::string> resolveSource(const Config& config, const std::string& source)
{
    if (source == "patterns")
        return source;
    std::error_code failed;
    if (const auto* named = data::findNamedDataSet(source)) {
        const auto here = config.dataRoot / named->folder;
        const bool ownCopy = !config.dataRoot.empty() && !base::dataFolder() && fs::is_directory(here, failed);
        return ownCopy ? here.string() : source;
    }
    if (config.dataRoot.empty())
        return base::Error{base::ErrorCode::Refused,
                           "this device reads no folders; start splitscoped with --data-root, or choose patterns or cifar10",
                           source};
    const auto root = fs::weakly_canonical(config.dataRoot, failed);
    // Where everything may be read, relative sources are the working directory's. An absolute source stands for itself.
    const auto folder = root == root.root_path() ? fs::current_path(failed) : root;
    const auto path = fs::weakly_canonical(folder / source, failed);
    const auto inside = path.lexically_relative(root);
    if (failed || source.empty() || inside.empty() || *inside.begin() == "..")
        return base::Error{base::ErrorCode::Refused, "is not under this device's data root", source};
    if (!fs::exists(path, failed))
        return base::Error{base::ErrorCode::NotFound, "is not in this device's data root", source};
    return path.string();
}

}  // namespace splitscope::daemon
