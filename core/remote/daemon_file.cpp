// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/daemon_file.h"

#include "core/base/files.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

namespace splitscope::remote {

using base::Error;
using base::ErrorCode;
namespace fs = std::filesystem;

namespace {

/// The same machine as an ELF header, `uname -m` and Debian call it.
struct Machine {
    int elf;
    const char* uname;
    const char* debian;
};
constexpr std::array kMachines{Machine{62, "x86_64", "amd64"}, Machine{183, "aarch64", "arm64"}, Machine{40, "armv7l", "armhf"},
                               Machine{3, "i686", "i386"}, Machine{243, "riscv64", "riscv64"}};

/// Of `device`, with the names that mean the same.
std::string plainMachine(const std::string& machine)
{
    if (machine == "arm64")
        return "aarch64";
    if (machine == "amd64")
        return "x86_64";
    return machine.starts_with("armv") && machine != "armv6l" ? "armv7l" : machine;
}

std::string debianName(const std::string& machine)
{
    for (const auto& each : kMachines)
        if (plainMachine(machine) == each.uname)
            return each.debian;
    return machine;
}

/// Debian names packages NAME_VERSION_ARCHITECTURE.deb.
std::string machineOfPackage(const fs::path& path)
{
    const auto stem = path.stem().string();
    const auto architecture = stem.substr(stem.rfind('_') + 1);
    for (const auto& each : kMachines)
        if (architecture == each.debian)
            return each.uname;
    return architecture == "all" ? "" : architecture;
}

fs::path packageIn(const std::vector<fs::path>& folders, const std::string& machine)
{
    fs::path best;
    for (const auto& folder : folders) {
        std::error_code failed;
        for (const auto& entry : fs::directory_iterator(folder, failed)) {
            const auto name = entry.path().filename().string();
            if (name.starts_with("splitscoped") && name.ends_with("_" + debianName(machine) + ".deb"))
                best = std::max(best, entry.path());
        }
        if (!best.empty())
            break;
    }
    return best;
}

}  // namespace

base::Result<DaemonFile> readDaemonFile(const fs::path& path)
{
    std::array<unsigned char, 20> head{};
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error{ErrorCode::NotFound, "cannot be read", path.string()};
    file.read(reinterpret_cast<char*>(head.data()), head.size());
    const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
    if (text.starts_with("!<arch>\ndebian"))
        return DaemonFile{path, true, machineOfPackage(path)};
    const bool elf = file.gcount() == static_cast<std::streamsize>(head.size())
        && text.starts_with("\x7f"
                            "ELF");
    if (!elf)
        return Error{ErrorCode::InvalidInput, "is neither a Linux program nor a Debian package", path.string()};
    const int machine = head[18] | head[19] << 8;
    for (const auto& each : kMachines)
        if (machine == each.elf)
            return DaemonFile{path, false, each.uname};
    return DaemonFile{path, false, "ELF machine " + std::to_string(machine)};
}

std::vector<fs::path> daemonFolders()
{
    std::error_code failed;
    const auto beside = fs::read_symlink("/proc/self/exe", failed).parent_path();
    std::vector<fs::path> folders{beside};
    if (const auto shipped = base::resourcePath("devices"))
        folders.push_back(*shipped);
    return folders;
}

base::Result<DaemonFile> chooseDaemonFile(const fs::path& named, const DeviceSystem& device, const std::vector<fs::path>& folders)
{
    if (device.kernel != "Linux")
        return Error{ErrorCode::Unsupported, "the device runs " + device.kernel + "; the daemon needs Linux", device.machine};
    const auto machine = plainMachine(device.machine);
    const auto missing = [&](const std::string& have) {
        return Error{ErrorCode::Mismatch,
                     "the device is " + device.machine + " (" + device.distribution + "), but " + have
                         + "; build one for it (packaging/build.sh " + debianName(machine)
                         + ") or install the package on the device, and name the file with --daemon",
                     named.empty() ? "splitscoped" : named.string()};
    };
    if (!named.empty()) {
        auto file = readDaemonFile(named);
        if (file && !file->machine.empty() && plainMachine(file->machine) != machine)
            return missing("this daemon is for " + file->machine);
        return file;
    }
    if (const auto package = packageIn(folders, machine); !package.empty())
        return readDaemonFile(package);
    std::string seen;
    for (const auto& folder : folders)
        for (const auto& name : {std::string("splitscoped-") + debianName(machine), std::string("splitscoped")}) {
            const auto file = readDaemonFile(folder / name);
            if (file && plainMachine(file->machine) == machine)
                return file;
            if (file)
                seen = file->machine;
        }
    return missing(seen.empty() ? "no daemon is at hand" : "the daemon at hand is for " + seen);
}

std::vector<std::string> packagesOf(const std::vector<std::string>& libraries)
{
    static const std::array<std::pair<const char*, const char*>, 13> kKnown{{{"libtorch", "libtorch1.13"},
                                                                             {"libc10", "libtorch1.13"},
                                                                             {"libzmq", "libzmq5"},
                                                                             {"libdnnl", "libdnnl2"},
                                                                             {"libpng16", "libpng16-16"},
                                                                             {"libarchive", "libarchive13"},
                                                                             {"libjpeg", "libjpeg62-turbo"},
                                                                             {"libwebp", "libwebp7"},
                                                                             {"libzstd", "libzstd1"},
                                                                             {"libQt6Core", "libqt6core6"},
                                                                             {"libstdc++", "libstdc++6"},
                                                                             {"libopenblas", "libopenblas0"},
                                                                             {"libsodium", "libsodium23"}}};
    std::vector<std::string> packages;
    for (const auto& library : libraries)
        for (const auto& [prefix, package] : kKnown)
            if (library.starts_with(prefix) && std::find(packages.begin(), packages.end(), package) == packages.end())
                packages.emplace_back(package);
    return packages;
}

}  // namespace splitscope::remote
