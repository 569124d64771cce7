// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/link/pairing_p.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <sys/random.h>
#include <zmq.h>

namespace splitscope::link {

namespace {

constexpr std::size_t kShownName = 48;

std::string hashOf(const std::string& text) { return base::sha256(base::asBytes(text)); }

}  // namespace

std::string pairingNonce()
{
    std::array<std::uint8_t, 32> bytes{};
    for (std::size_t have = 0; have < bytes.size();) {
        const auto got = ::getrandom(bytes.data() + have, bytes.size() - have, 0);
        if (got > 0)
            have += static_cast<std::size_t>(got);
    }
    return base::sha256(bytes);
}

std::string edgeCommitment(const std::string& edgeKey, const std::string& nonce)
{
    return hashOf("splitscope pair edge " + edgeKey + nonce);
}

std::string deviceCommitment(const std::string& deviceKey, const std::string& edgeKey, const std::string& nonce)
{
    return hashOf("splitscope pair device " + deviceKey + edgeKey + nonce);
}

std::string pairingDigits(const std::string& deviceKey, const std::string& edgeKey, const std::string& deviceNonce,
                          const std::string& edgeNonce)
{
    const auto hash = hashOf("splitscope pair digits " + deviceKey + edgeKey + deviceNonce + edgeNonce);
    const auto digits = std::to_string(std::stoull(hash.substr(0, 15), nullptr, 16) % 1'000'000);
    return std::string(6 - digits.size(), '0') + digits;
}

KeyPair pairingServerKeys()
{
    const auto hash = hashOf("splitscope pairing 1");
    std::array<std::uint8_t, 32> secret{};
    for (std::size_t i = 0; i < secret.size(); ++i)
        secret[i] = static_cast<std::uint8_t>(std::stoul(hash.substr(2 * i, 2), nullptr, 16));
    std::array<char, 41> text{}, publicKey{};
    zmq_z85_encode(text.data(), secret.data(), secret.size());
    zmq_curve_public(publicKey.data(), text.data());
    return {publicKey.data(), text.data()};
}

std::string printable(const std::string& text)
{
    auto shown = text.substr(0, kShownName);
    std::replace_if(
        shown.begin(), shown.end(), [](unsigned char c) { return c < ' ' || c > '~'; }, '?');
    return shown;
}

}  // namespace splitscope::link
