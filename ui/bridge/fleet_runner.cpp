// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/fleet_runner.h"

#include "core/base/clock.h"

#include <utility>

namespace splitscope::ui {

namespace {

constexpr double kLookMs = 500;
constexpr int kDrainMs = 100;

}  // namespace

/// What the fleet's threads tell, until the GUI takes it, and what the GUI wants of them.
class FleetRunner::Told final : public session::FleetObserver {
public:
    struct Look {
        double seconds = 0;
        session::FleetStatistics statistics;
    };

    struct Order {
        std::size_t device = 0;
        bool starts = false;  ///< else it stops
    };

    explicit Told(const std::vector<session::FleetMember>& members)
    {
        for (const auto& member : members)
            m_names.push_back(member.name);
    }
    void onSample(std::size_t, const session::Sample&) override {}
    void onStatus(std::size_t, const session::ExperimentStatus&) override {}
    void onTrouble(std::size_t device, const base::Error& error) override
    {
        const auto where = m_names[device] + (error.where.empty() ? "" : ": " + error.where);
        const std::lock_guard lock(m_mutex);
        m_troubles.push_back({error.code, error.text, where});
    }
    void look(const session::FleetStatistics& statistics)
    {
        const std::lock_guard lock(m_mutex);
        m_look = Look{base::toMs(base::nowNs() - m_beganNs) / 1'000, statistics};
    }
    std::pair<std::optional<Look>, std::vector<base::Error>> take()
    {
        const std::lock_guard lock(m_mutex);
        return {std::exchange(m_look, std::nullopt), std::exchange(m_troubles, {})};
    }

    void ask(const Order& order)
    {
        const std::lock_guard lock(m_mutex);
        m_orders.push_back(order);
    }
    void obey(session::Fleet& fleet)
    {
        for (const auto& order : takeOrders())
            if (!order.starts)
                fleet.stop(order.device);
            else if (const auto begun = fleet.startAgain(order.device); !begun)
                onTrouble(order.device, begun.error());
    }

private:
    std::vector<Order> takeOrders()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_orders, {});
    }

    const std::int64_t m_beganNs = base::nowNs();
    std::vector<std::string> m_names;
    std::mutex m_mutex;
    std::optional<Look> m_look;  ///< the newest; guarded, as are the next ones
    std::vector<base::Error> m_troubles;
    std::vector<Order> m_orders;
};

FleetRunner::FleetRunner(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(kDrainMs);
    connect(&m_timer, &QTimer::timeout, this, &FleetRunner::drain);
}

void FleetRunner::start(std::vector<session::FleetMember> members)
{
    if (active())
        return;
    m_told = std::make_shared<Told>(members);
    m_timer.start();
    m_work.start(
        [members = std::move(members), told = m_told](const std::stop_token& stop) -> base::Status {
            const auto fleet = session::Fleet::start(members, told.get());
            if (!fleet)
                return fleet.error();
            const std::stop_callback stopping(stop, [&fleet] { (*fleet)->stop(); });
            do {
                static_cast<void>((*fleet)->waitUntilEnded(kLookMs));
                told->obey(**fleet);
                if (stop.stop_requested())
                    (*fleet)->stop();  // whoever has just begun as well
                told->look((*fleet)->statistics());
            } while (!(*fleet)->ended());
            return {};
        },
        [this](const base::Status& done) {
            m_timer.stop();
            drain();
            if (!done)
                Q_EMIT troubleArose(done.error());
            Q_EMIT ended();
        });
}

void FleetRunner::stop(std::size_t device)
{
    if (active())
        m_told->ask({device, false});
}

void FleetRunner::startAgain(std::size_t device)
{
    if (active())
        m_told->ask({device, true});
}

void FleetRunner::drain()
{
    const auto [look, troubles] = m_told->take();
    for (const auto& trouble : troubles)
        Q_EMIT troubleArose(trouble);
    if (look)
        Q_EMIT measured(look->seconds, look->statistics);
}

}  // namespace splitscope::ui
