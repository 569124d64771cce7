// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/energy_meter.h"

#include "core/base/clock.h"
#include "core/base/threads.h"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>
#include <vector>

namespace splitscope::profile {

namespace fs = std::filesystem;

namespace {

/// The first line of a small file of the kernel's.
std::optional<std::string> lineOf(const fs::path& file)
{
    std::ifstream in(file);
    std::string line;
    if (!in || !std::getline(in, line))
        return std::nullopt;
    return line;
}

base::Result<double> numberIn(const fs::path& file)
{
    const auto line = lineOf(file);
    if (!line)
        return base::Error{base::ErrorCode::Io, "cannot be read; the kernel lets only root read it on most systems",
                           file.string()};
    long long number = 0;
    const auto [end, problem] = std::from_chars(line->data(), line->data() + line->size(), number);
    if (problem != std::errc() || end != line->data() + line->size())
        return base::Error{base::ErrorCode::InvalidInput, "holds '" + *line + "', no whole number", file.string()};
    return static_cast<double>(number);
}

/// Entries of a folder whose names begin so, in the order of their names; shorter names first: hwmon2 before hwmon10.
std::vector<fs::path> entries(const fs::path& folder, const std::string& beginning)
{
    std::vector<fs::path> found;
    std::error_code failure;
    for (fs::directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure))
        if (it->path().filename().string().starts_with(beginning))
            found.push_back(it->path());
    std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) {
        return a.native().size() != b.native().size() ? a.native().size() < b.native().size() : a < b;
    });
    return found;
}

/// Something that must be looked at again and again: by a thread of its own, and whenever somebody asks.
class SampledMeter : public EnergyMeter {
public:
    base::Result<double> joules() final
    {
        const std::lock_guard lock(m_mutex);
        if (auto status = sample(); !status)
            return status.error();
        return m_joules;
    }

protected:
    /// Called from the maker, once the subclass is complete.
    void start(std::chrono::milliseconds period)
    {
        m_thread = std::jthread([this, period](const std::stop_token& stop) {
            base::nameThisThread("energy-meter");
            std::unique_lock lock(m_mutex);
            while (!m_wake.wait_for(lock, stop, period, [] { return false; }) && !stop.stop_requested())
                (void)sample();  // who asks next hears of an error
        });
    }
    /// Every subclass calls this in its destructor, before what sample() uses is gone.
    void stop()
    {
        m_thread.request_stop();
        if (m_thread.joinable())
            m_thread.join();
    }
    /// Adds to m_joules what came since the last time; the lock is held.
    virtual base::Status sample() = 0;

    double m_joules = 0;

private:
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::jthread m_thread;
};

/// powercap: counters in microjoules, one for each package, that wrap at a stated range.
class PowercapMeter final : public SampledMeter {
public:
    struct Zone {
        fs::path file;
        std::string name;
        double range = 0;  ///< µJ: after the largest value comes 0
        double last = 0;  ///< µJ
    };

    explicit PowercapMeter(std::vector<Zone> zones) : m_zones(std::move(zones))
    {
        constexpr std::chrono::seconds kPeriod{60};  // the smallest ranges wrap after some minutes at full power
        start(kPeriod);
    }
    ~PowercapMeter() override { stop(); }

    std::string name() const override
    {
        std::string text = "powercap";
        for (const auto& zone : m_zones)
            text += (&zone == m_zones.data() ? " " : " + ") + zone.name;
        return text;
    }

private:
    base::Status sample() override
    {
        for (auto& zone : m_zones) {
            const auto now = numberIn(zone.file);
            if (!now)
                return now.error();
            m_joules += (*now >= zone.last ? *now - zone.last : *now - zone.last + zone.range) * 1e-6;
            zone.last = *now;
        }
        return {};
    }

    std::vector<Zone> m_zones;
};

/// A power sensor of hwmon: as it tells power, or volts times amperes.
struct PowerSensor {
    std::string name;
    fs::path power;  ///< µW; empty: the other two
    fs::path volts, amperes;  ///< mV and mA

    [[nodiscard]] base::Result<double> watts() const
    {
        if (!power.empty()) {
            auto microwatts = numberIn(power);
            return microwatts ? base::Result<double>(*microwatts * 1e-6) : microwatts;
        }
        auto millivolts = numberIn(volts);
        if (!millivolts)
            return millivolts;
        auto milliamperes = numberIn(amperes);
        return milliamperes ? base::Result<double>(*millivolts * *milliamperes * 1e-6) : milliamperes;
    }
};

/// Power over time, as trapezoids between the samples.
class HwmonMeter final : public SampledMeter {
public:
    HwmonMeter(PowerSensor sensor, double watts) : m_sensor(std::move(sensor)), m_watts(watts), m_lastNs(base::nowNs())
    {
        constexpr std::chrono::milliseconds kPeriod{100};
        start(kPeriod);
    }
    ~HwmonMeter() override { stop(); }

    std::string name() const override { return "hwmon " + m_sensor.name; }

private:
    base::Status sample() override
    {
        const auto watts = m_sensor.watts();
        if (!watts)
            return watts.error();
        const auto now = base::nowNs();
        m_joules += (m_watts + *watts) / 2 * static_cast<double>(now - m_lastNs) * 1e-9;
        m_watts = *watts;
        m_lastNs = now;
        return {};
    }

    PowerSensor m_sensor;
    double m_watts;
    std::int64_t m_lastNs;
};

void say(std::string& notes, const std::string& text) { notes += (notes.empty() ? "" : "; ") + text; }

/// Packages are intel-rapl:0, intel-rapl:1, … (AMD's too); what lies below them (cores, memory) is part of them.
std::unique_ptr<EnergyMeter> findPowercap(const fs::path& root, std::string& notes)
{
    const auto folder = root / "sys/class/powercap";
    std::vector<PowercapMeter::Zone> zones;
    for (const auto& entry : entries(folder, "intel-rapl:")) {
        const auto title = lineOf(entry / "name");
        if (!title || !title->starts_with("package"))
            continue;
        const auto now = numberIn(entry / "energy_uj");
        const auto range = numberIn(entry / "max_energy_range_uj");
        if (now && range)
            zones.push_back({entry / "energy_uj", *title, *range, *now});
        else
            say(notes, (now ? range : now).error().message());
    }
    if (zones.empty() && notes.empty())
        say(notes, "there is no " + (folder / "intel-rapl:*/energy_uj").string());
    return zones.empty() || !notes.empty() ? nullptr : std::make_unique<PowercapMeter>(std::move(zones));
}

/// "power1" of "power1_input" or "power1_average"; empty for other files.
std::string channelOf(const fs::path& file, const std::string& kind)
{
    const auto name = file.filename().string();
    const auto end = name.find('_');
    const bool value = end != std::string::npos && (name.substr(end) == "_input" || name.substr(end) == "_average");
    return value && name.starts_with(kind) ? name.substr(0, end) : "";
}

std::vector<PowerSensor> sensorsOf(const fs::path& chip, const std::string& title)
{
    std::vector<PowerSensor> sensors;
    for (const auto& file : entries(chip, "power"))
        if (const auto channel = channelOf(file, "power"); !channel.empty())
            sensors.push_back({title + " " + channel, file, {}, {}});
    for (const auto& file : entries(chip, "curr")) {
        const auto channel = channelOf(file, "curr");
        const auto volts = channel.empty() ? fs::path() : chip / ("in" + channel.substr(4) + "_input");
        std::error_code failure;
        if (!channel.empty() && fs::exists(volts, failure))
            sensors.push_back({title + " in" + channel.substr(4) + " times " + channel, {}, volts, file});
    }
    return sensors;
}

/// INA2xx and INA3221 sit in a board's supply; others may tell of parts of the machine, some surely do.
int rankOf(const std::string& title)
{
    if (title.starts_with("ina2") || title == "ina3221")
        return 0;
    for (const char* part : {"amdgpu", "nouveau", "i915", "xe", "nvme", "sfp"})
        if (title.starts_with(part))
            return 2;
    return 1;
}

std::unique_ptr<EnergyMeter> findHwmon(const fs::path& root, std::string& notes)
{
    const auto folder = root / "sys/class/hwmon";
    std::string unreadable;
    for (const int rank : {0, 1})
        for (const auto& chip : entries(folder, "hwmon")) {
            const auto title = lineOf(chip / "name").value_or(chip.filename().string());
            if (rankOf(title) != rank)
                continue;
            for (auto& sensor : sensorsOf(chip, title)) {
                if (const auto watts = sensor.watts(); watts.ok())
                    return std::make_unique<HwmonMeter>(std::move(sensor), *watts);
                else
                    say(unreadable, watts.error().message());
            }
        }
    say(notes, unreadable.empty() ? "there is no power sensor among " + (folder / "hwmon*/power*_input").string() : unreadable);
    return nullptr;
}

}  // namespace

std::unique_ptr<EnergyMeter> findEnergyMeter(const fs::path& root, std::string* whyNot)
{
    std::string notes;
    auto meter = findPowercap(root, notes);
    if (!meter)
        meter = findHwmon(root, notes);
    if (!meter && whyNot)
        *whyNot = "energy is not metered here: " + notes
            + ". Where a counter is there, run as root or let this user read it (chmod a+r); an INA2xx sensor in a board's "
              "supply needs its kernel driver. Energy stays modelled";
    return meter;
}

}  // namespace splitscope::profile
