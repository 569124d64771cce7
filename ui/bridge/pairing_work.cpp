// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/pairing_work.h"

namespace splitscope::ui {

/// Whoever sits at this window, as the pairing's thread asks.
class PairingWork::Person final : public link::PairingPeople {
public:
    using Tell = WatchedBackground<Outcome, Progress>::Tell;

    Person(const Tell& tell, const std::atomic<Said>& said) : m_tell(tell), m_said(said) {}

    void show(const link::PairingPeer& peer) override { m_tell(peer); }
    void tell(link::PairingWait why) override { m_tell(why); }
    std::optional<bool> answer() override
    {
        const Said said = m_said;
        return said == Said::Nothing ? std::nullopt : std::optional(said == Said::Same);
    }

private:
    const Tell& m_tell;
    const std::atomic<Said>& m_said;
};

PairingWork::PairingWork(QObject* parent)
    : QObject(parent), m_work([this](const Progress& progress) {
          if (const auto* peer = std::get_if<link::PairingPeer>(&progress))
              Q_EMIT digitsCame(*peer);
          else
              Q_EMIT waited(std::get<link::PairingWait>(progress));
      })
{
}

void PairingWork::start(const session::DevicePairing& pairing)
{
    if (m_work.active())
        return;
    m_said = std::make_shared<std::atomic<Said>>(Said::Nothing);
    m_work.start(
        [pairing, said = m_said](const std::stop_token& stop, const auto& tell) {
            Person person(tell, *said);
            return session::pairWithDevice(pairing, person, stop);
        },
        [this](const Outcome& outcome) { Q_EMIT finished(outcome); });
}

void PairingWork::answer(bool same)
{
    if (m_said)
        *m_said = same ? Said::Same : Said::Different;
}

}  // namespace splitscope::ui
