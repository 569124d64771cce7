// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/pairing.h"

#include "core/base/clock.h"
#include "core/link/connection_watch_p.h"
#include "core/link/pairing_p.h"
#include "core/link/socket_p.h"
#include "core/link/zap.h"
#include "core/wire/encoding.h"

#include <cerrno>
#include <thread>

namespace splitscope::link {

using base::Error;
using base::ErrorCode;

namespace {

constexpr int kSliceMs = 50;
constexpr int kMaxAttempts = 5;
constexpr double kRevealMs = 10'000;  ///< programs answer each other at once; only people take longer
constexpr int kConnectMs = 5'000;  ///< a host that is not there is told then, and tried again
constexpr int kMessagesPerSlice = 32;
constexpr std::int64_t kMaxMessageBytes = 1024;
constexpr int kLingerMs = 1'000;  ///< the last word of a side that ends

void setPairingOptions(zmq::socket_t& socket)
{
    constexpr int kHighWater = 16;
    setCommonOptions(socket, kHighWater);
    socket.set(zmq::sockopt::linger, kLingerMs);
    socket.set(zmq::sockopt::maxmsgsize, kMaxMessageBytes);
}

/// What both sides do: a socket, the time, and the answers of two people.
class Side {
public:
    Side(const PairingOptions& options, PairingPeople& people, const std::stop_token& stop, zmq::socket_type type)
        : m_options(options), m_people(people), m_stop(stop), m_endNs(base::nowNs() + base::fromMs(options.windowMs)),
          m_socket(m_context, type), m_nonce(pairingNonce())
    {
        setPairingOptions(m_socket);
    }

    /// Until both people have said yes, one has said no, or the time is over.
    base::Result<PairingPeer> run()
    {
        auto paired = converse();
        if (m_peer.publicKey.empty())
            m_socket.set(zmq::sockopt::linger, 0);  // nobody to say a last word to
        else if (!paired)
            send(wire::PairConfirm{false});  // whoever compares digits there need not go on
        return paired;
    }

    virtual ~Side() = default;
    Side(const Side&) = delete;
    Side& operator=(const Side&) = delete;

protected:
    [[nodiscard]] virtual bool isHost() const = 0;
    /// An Error ends pairing; what makes no sense is passed over.
    virtual base::Status take(const Incoming& message) = 0;
    virtual void send(const wire::Body& body) = 0;
    /// Looks at what became of the connection, where this side made it. True: it was lost.
    virtual bool lost() { return false; }
    /// After a loss, when all that came before it is read.
    virtual base::Status goOn() { return {}; }
    /// Why there was nobody to compare digits with, when the time is over.
    [[nodiscard]] virtual std::string whyNobody() const = 0;

    [[nodiscard]] std::string where() const { return "pairing at " + endpoint(m_options.host, std::to_string(m_options.port)); }
    [[nodiscard]] Error forged() const
    {
        return {ErrorCode::Mismatch, "what was revealed is not what was settled before: somebody stands between the two sides",
                where()};
    }
    void showPeer(const std::string& deviceNonce, const std::string& edgeNonce)
    {
        m_peer.digits = isHost() ? pairingDigits(m_options.keys.publicKey, m_peer.publicKey, deviceNonce, edgeNonce)
                                 : pairingDigits(m_peer.publicKey, m_options.keys.publicKey, deviceNonce, edgeNonce);
        m_shown = true;
        m_people.show(m_peer);
    }
    base::Status takeConfirmation(const wire::PairConfirm& confirm)
    {
        if (!m_shown)
            return {};
        if (!confirm.accepted)
            return Error{ErrorCode::Refused, "the other side did not confirm the digits: nothing was changed", where()};
        m_heardYes = true;
        return {};
    }

private:
    base::Result<PairingPeer> converse()
    {
        while (!m_stop.stop_requested()) {
            if (base::nowNs() > m_endNs)
                return Error{ErrorCode::Unreachable, whyOver(), where()};
            zmq::pollitem_t item{m_socket.handle(), 0, ZMQ_POLLIN, 0};
            try {
                zmq::poll(&item, 1, std::chrono::milliseconds(kSliceMs));
            } catch (const zmq::error_t&) {
                continue;  // interrupted by a signal
            }
            const bool wasLost = lost();
            Incoming message;
            for (int n = 0; n < kMessagesPerSlice && receive(m_socket, isHost(), message); ++n)
                if (auto status = take(message); !status)
                    return status.error();
            if (m_saidYes && m_heardYes)
                return m_peer;
            if (wasLost)
                if (auto status = goOn(); !status)
                    return status.error();
            if (auto status = askPeople(); !status)
                return status.error();
        }
        return Error{ErrorCode::Cancelled, "was cancelled", where()};
    }
    [[nodiscard]] std::string whyOver() const
    {
        if (!m_shown)
            return whyNobody();
        return std::string(m_saidYes ? "the other side has not said" : "nobody has said")
            + " in time whether the digits are the same";
    }
    base::Status askPeople()
    {
        if (!m_shown || m_saidYes)
            return {};
        const auto answer = m_people.answer();
        if (!answer)
            return {};
        if (!*answer)  // run() tells the other side
            return Error{ErrorCode::Refused, "the digits were not confirmed: nothing was changed", where()};
        send(wire::PairConfirm{true});
        m_saidYes = true;
        return {};
    }

protected:
    const PairingOptions& m_options;
    PairingPeople& m_people;
    const std::stop_token& m_stop;
    const std::int64_t m_endNs;
    zmq::context_t m_context;
    zmq::socket_t m_socket;
    std::string m_nonce;
    PairingPeer m_peer;
    bool m_shown = false, m_saidYes = false, m_heardYes = false;
};

class Host final : public Side {
public:
    Host(const PairingOptions& options, PairingPeople& people, const std::stop_token& stop)
        : Side(options, people, stop, zmq::socket_type::router)
    {
    }
    ~Host() override
    {
        m_socket.close();
        m_context.shutdown();  // ends the authentication thread
        if (m_zapThread.joinable())
            m_zapThread.join();
    }

    base::Status bind()
    {
        std::promise<base::Status> authenticating;
        m_zapThread = std::jthread([this, &authenticating] { m_zap.serve(m_context.handle(), authenticating); });
        if (auto status = authenticating.get_future().get(); !status)
            return status;
        m_socket.set(zmq::sockopt::router_mandatory, true);
        m_socket.set(zmq::sockopt::curve_server, true);
        m_socket.set(zmq::sockopt::curve_secretkey, pairingServerKeys().secretKey);
        m_socket.set(zmq::sockopt::zap_domain, "splitscope-pairing");
        m_socket.set(zmq::sockopt::ipv6, isIpv6(m_options.host));
        try {
            m_socket.bind(endpoint(m_options.host, std::to_string(m_options.port)));
        } catch (const zmq::error_t& error) {
            return Error{error.num() == EADDRINUSE ? ErrorCode::Busy : ErrorCode::Io,
                         error.num() == EADDRINUSE ? "the port is taken: is somebody pairing already?"
                                                   : std::string("cannot be listened on (") + error.what() + ")",
                         where()};
        }
        return {};
    }

private:
    [[nodiscard]] bool isHost() const override { return true; }
    [[nodiscard]] std::string whyNobody() const override { return "nobody paired in time; begin again on both sides"; }

    base::Status take(const Incoming& message) override
    {
        if (m_guest && !m_shown && base::nowNs() > m_guestEndNs)
            m_guest.reset();  // it stopped in the middle
        const auto decoded = message.wellFormed ? wire::decode(message.headerView()) : Error{};
        if (!decoded)
            return {};
        const auto& body = decoded->body;
        const bool isGuest = m_guest && *m_guest == message.identity && m_peer.publicKey == message.userId;
        if (const auto* pair = std::get_if<wire::Pair>(&body))
            return m_guest ? base::Status() : begin(message, *pair);
        if (const auto* reveal = std::get_if<wire::PairReveal>(&body); reveal && isGuest && !m_shown)
            return takeReveal(*reveal);
        if (const auto* confirm = std::get_if<wire::PairConfirm>(&body); confirm && isGuest)
            return takeConfirmation(*confirm);
        return {};
    }

    base::Status begin(const Incoming& message, const wire::Pair& pair)
    {
        if (++m_attempts > kMaxAttempts)
            return Error{ErrorCode::Refused, "too many attempts; begin again where you know who pairs", where()};
        m_guest = message.identity;
        m_guestEndNs = base::nowNs() + base::fromMs(kRevealMs);
        m_peer = {printable(pair.name), message.userId, {}};
        m_edgeCommitment = pair.commitment;
        m_nonce = pairingNonce();
        send(wire::PairOffer{m_options.name, m_options.keys.publicKey,
                             deviceCommitment(m_options.keys.publicKey, m_peer.publicKey, m_nonce)});
        return {};
    }

    base::Status takeReveal(const wire::PairReveal& reveal)
    {
        if (edgeCommitment(m_peer.publicKey, reveal.nonce) != m_edgeCommitment)
            return forged();
        send(wire::PairReveal{m_nonce});
        showPeer(m_nonce, reveal.nonce);
        return {};
    }

    void send(const wire::Body& body) override
    {
        if (m_guest && sendFrames(m_socket, &*m_guest, wire::encode({0, body}), {}) == Sent::NoPeer && !m_shown)
            m_guest.reset();  // it has gone
    }

    ZapHandler m_zap{ZapHandler::Anybody{}};
    std::jthread m_zapThread;
    std::optional<std::string> m_guest;  ///< the connection of the one edge that pairs
    std::int64_t m_guestEndNs = 0;
    std::string m_edgeCommitment;
    int m_attempts = 0;
};

class Guest final : public Side {
public:
    Guest(const PairingOptions& options, PairingPeople& people, const std::stop_token& stop)
        : Side(options, people, stop, zmq::socket_type::dealer), m_connection(m_context, m_socket)
    {
    }

    base::Status connect()
    {
        const auto& keys = m_options.keys;
        m_socket.set(zmq::sockopt::curve_serverkey, pairingServerKeys().publicKey);
        m_socket.set(zmq::sockopt::curve_publickey, keys.publicKey);
        m_socket.set(zmq::sockopt::curve_secretkey, keys.secretKey);
        m_socket.set(zmq::sockopt::ipv6, isIpv6(m_options.host));
        m_socket.set(zmq::sockopt::connect_timeout, kConnectMs);
        try {
            m_socket.connect(endpoint(m_options.host, std::to_string(m_options.port)));
        } catch (const zmq::error_t& error) {
            return Error{ErrorCode::Io, std::string("is no address (") + error.what() + ")", where()};
        }
        ask();
        return {};
    }

private:
    [[nodiscard]] bool isHost() const override { return false; }
    [[nodiscard]] std::string whyNobody() const override
    {
        return m_wait == PairingWait::NoAnswer
            ? "somebody listens there and does not answer: is another edge pairing with it? Begin again on both sides"
            : "nobody pairs there: run `splitscoped --pair` on the device (with --bind 0.0.0.0 if it is another machine), and "
              "begin again";
    }

    void ask() { send(wire::Pair{m_options.name, edgeCommitment(m_options.keys.publicKey, m_nonce)}); }

    bool lost() override
    {
        bool wasLost = false;
        for (const auto event : m_connection.take()) {
            m_connected = event == ConnectionWatch::Event::Made;
            wasLost = wasLost || event == ConnectionWatch::Event::Lost;
            if (m_connected)
                m_answerDueNs = base::nowNs() + base::fromMs(kRevealMs);
            else if (event == ConnectionWatch::Event::Failed)
                tell(PairingWait::NobodyListens);
        }
        if (m_connected && base::nowNs() > m_answerDueNs && m_peer.publicKey.empty()) {
            tell(PairingWait::NoAnswer);
            m_answerDueNs = base::nowNs() + base::fromMs(kRevealMs);
            ask();  // perhaps it is our turn now
        }
        return wasLost;
    }
    /// Whoever comes instead is asked; but not once somebody has seen the nonce: that would be another guess at the digits.
    base::Status goOn() override
    {
        if (!m_peer.publicKey.empty())
            return Error{ErrorCode::Refused, "the device's side ended before both had confirmed: nothing was changed", where()};
        ask();
        return {};
    }
    void tell(PairingWait why)
    {
        if (m_wait != why && !m_shown)
            m_people.tell(why);
        m_wait = why;
    }

    base::Status take(const Incoming& message) override
    {
        const auto decoded = message.wellFormed ? wire::decode(message.headerView()) : Error{};
        if (!decoded)
            return {};
        const auto& body = decoded->body;
        if (const auto* offer = std::get_if<wire::PairOffer>(&body); offer && m_peer.publicKey.empty()) {
            if (!isKey(offer->key))
                return Error{ErrorCode::InvalidInput, "the device sent no public key", where()};
            m_peer = {printable(offer->name), offer->key, {}};
            m_deviceCommitment = offer->commitment;
            send(wire::PairReveal{m_nonce});
        } else if (const auto* reveal = std::get_if<wire::PairReveal>(&body); reveal && !m_peer.publicKey.empty() && !m_shown) {
            if (deviceCommitment(m_peer.publicKey, m_options.keys.publicKey, reveal->nonce) != m_deviceCommitment)
                return forged();
            showPeer(reveal->nonce, m_nonce);
        } else if (const auto* confirm = std::get_if<wire::PairConfirm>(&body)) {
            return takeConfirmation(*confirm);
        }
        return {};
    }

    void send(const wire::Body& body) override { static_cast<void>(sendFrames(m_socket, nullptr, wire::encode({0, body}), {})); }

    ConnectionWatch m_connection;
    std::optional<PairingWait> m_wait;
    bool m_connected = false;
    std::int64_t m_answerDueNs = 0;
    std::string m_deviceCommitment;
};

base::Status checkKeys(const PairingOptions& options)
{
    if (isKey(options.keys.publicKey) && isKey(options.keys.secretKey))
        return {};
    return Error{ErrorCode::InvalidInput, "there is no valid key pair of our own", "pairing"};
}

}  // namespace

base::Result<PairingPeer> hostPairing(const PairingOptions& options, PairingPeople& people, const std::stop_token& stop)
{
    if (auto status = checkKeys(options); !status)
        return status.error();
    Host host(options, people, stop);
    if (auto status = host.bind(); !status)
        return status.error();
    return host.run();
}

base::Result<PairingPeer> joinPairing(const PairingOptions& options, PairingPeople& people, const std::stop_token& stop)
{
    if (auto status = checkKeys(options); !status)
        return status.error();
    Guest guest(options, people, stop);
    if (auto status = guest.connect(); !status)
        return status.error();
    return guest.run();
}

}  // namespace splitscope::link
