// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/encoding.h"

#include "core/wire/fields_p.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace splitscope::wire {

using base::Error;
using base::ErrorCode;

namespace {

constexpr std::array<std::string_view, std::variant_size_v<Body>> kTypeNames{
    "hello",       "model-query", "model-push",  "schedule",       "start-run",      "update-run",       "stop-run",
    "journal-ack", "probe",       "profile",     "profile-cancel", "ping",           "welcome",          "model-state",
    "ack",         "failure",     "journal",     "run-ended",      "pong",           "profile-progress", "profile-result",
    "request",     "chunk",       "filler",      "reply",          "request-failed", "progress",         "pair",
    "pair-offer",  "pair-reveal", "pair-confirm"};

template <std::size_t... I>
Body bodyOfType(std::size_t index, std::index_sequence<I...>)
{
    Body body;
    static_cast<void>(((I == index ? (body.emplace<I>(), true) : false) || ...));
    return body;
}

std::optional<Body> bodyNamed(std::string_view type)
{
    const auto* const found = std::find(kTypeNames.begin(), kTypeNames.end(), type);
    if (found == kTypeNames.end())
        return std::nullopt;
    return bodyOfType(static_cast<std::size_t>(found - kTypeNames.begin()),
                      std::make_index_sequence<std::variant_size_v<Body>>());
}

/// These three are read at any version: they are how two versions tell each other apart.
int versionOf(const Body& body)
{
    if (const auto* hello = std::get_if<Hello>(&body))
        return hello->version;
    if (const auto* welcome = std::get_if<Welcome>(&body))
        return welcome->version;
    return kProtocolVersion;
}

bool crossesVersions(const Body& body)
{
    return std::holds_alternative<Hello>(body) || std::holds_alternative<Welcome>(body) || std::holds_alternative<Failure>(body);
}

void setVersion(Body& body, int version)
{
    if (auto* hello = std::get_if<Hello>(&body))
        hello->version = version;
    else if (auto* welcome = std::get_if<Welcome>(&body))
        welcome->version = version;
}

// --- what single fields' limits cannot say: checkTogether(body) is the name of the wrong field and what is wrong ---

struct Complaint {
    std::string_view field;
    std::string text;
};
using Complaints = std::optional<Complaint>;

template <typename Other>
Complaints checkTogether(const Other&)
{
    return std::nullopt;
}

Complaints countDiffers(std::string_view field, std::size_t size, int count)
{
    if (size == static_cast<std::size_t>(count))
        return std::nullopt;
    return Complaint{field, "has " + std::to_string(size) + " items for " + std::to_string(count) + " frames"};
}

Complaints checkTogether(const ModelPush& m)
{
    if (m.specBytes > m.totalBytes)
        return Complaint{"spec", "is more than the total"};
    if (m.offset >= m.totalBytes)
        return Complaint{"offset", "lies behind the end"};
    return std::nullopt;
}

Complaints checkTogether(const Schedule& m)
{
    if (m.atMicros.empty() || m.atMicros.size() != m.bytesPerSecond.size())
        return Complaint{"rate", "is not one for each of at least one time"};
    if (m.offset + m.atMicros.size() > m.totalPoints)
        return Complaint{"offset", "lies behind the end"};
    for (const float rate : m.bytesPerSecond)
        if (!(rate >= 0 && rate <= static_cast<float>(kMaxRate)))
            return Complaint{"rate", "is not from 0 to 1e12"};
    return std::nullopt;
}

Complaints checkTogether(const Filler& m)
{
    if (m.offset >= m.totalBytes)
        return Complaint{"offset", "lies behind the end"};
    return std::nullopt;
}

Complaints checkTogether(const Profile& m)
{
    if (m.batches.empty())
        return Complaint{"batches", "is empty"};
    return std::nullopt;
}

Complaints checkTogether(const ProfileProgress& m)
{
    if (m.done > m.total)
        return Complaint{"done", "is more than the total"};
    return std::nullopt;
}

Complaints checkTogether(const ProfileResult& m)
{
    if (m.piece.empty())
        return Complaint{"piece", "is empty"};
    if (m.offset + m.piece.size() > m.totalBytes)
        return Complaint{"offset", "lies behind the end"};
    return std::nullopt;
}

Complaints checkTogether(const StartRun& m)
{
    if (m.firstFrame >= m.frames)
        return Complaint{"first", "lies behind the last frame"};
    return std::nullopt;
}

/// Rows of a request: some of its frames, ascending, where a gate answered the others.
Complaints checkRows(const Request& m)
{
    if (m.rows.empty())
        return std::nullopt;
    if (!m.decision.gate)
        return Complaint{"rows", "only a request with a gate has them"};
    const bool ascending = std::adjacent_find(m.rows.begin(), m.rows.end(), std::greater_equal<>()) == m.rows.end();
    if (!ascending || m.rows.back() >= m.count)
        return Complaint{"rows", "are not frames of the request, one after the other"};
    return std::nullopt;
}

Complaints checkTogether(const Request& m)
{
    const bool answeredHere = m.decision.coding.kind == codec::CodingKind::LabelOnly || (m.decision.gate && !m.labels.empty());
    if (answeredHere) {
        if (!m.rows.empty())
            return Complaint{"rows", "a request of labels has none"};
        if (!m.sizes.empty() || m.payloadBytes != 0)
            return Complaint{"bytes", "a request of labels has no payload"};
        return countDiffers("labels", m.labels.size(), m.count);
    }
    if (!m.labels.empty())
        return Complaint{"labels", "only a request of labels has them"};
    if (auto wrong = checkRows(m))
        return wrong;
    if (auto wrong = countDiffers("sizes", m.sizes.size(), static_cast<int>(m.rowCount())))
        return wrong;
    if (std::accumulate(m.sizes.begin(), m.sizes.end(), std::uint64_t{0}) != m.payloadBytes)
        return Complaint{"bytes", std::to_string(m.payloadBytes) + " is not the sum of the sizes"};
    return std::nullopt;
}

Complaints checkTogether(const Reply& m)
{
    if (m.labels.empty())
        return Complaint{"labels", "is empty"};
    if (m.logits.size() % m.labels.size() != 0)
        return Complaint{"logits", "is not as many for each frame"};
    if (m.labels.size() < kMaxBatch && m.answeredEarly.value_or(0) >> m.labels.size() != 0)
        return Complaint{"early", "names frames behind the request's last"};
    return std::nullopt;
}

Complaints checkTogether(const Journal& m)
{
    for (const auto& record : m.records) {
        // A lost frame may have neither.
        if (!record.labels.empty())
            if (auto wrong = countDiffers("records.labels", record.labels.size(), record.count))
                return wrong;
        if (!record.truths.empty())
            if (auto wrong = countDiffers("records.truths", record.truths.size(), record.count))
                return wrong;
        if (record.logits.size() % static_cast<std::size_t>(record.count) != 0)
            return Complaint{"records.logits", "is not as many for each frame"};
        if (record.count < kMaxBatch && record.answeredEarly.value_or(0) >> static_cast<unsigned>(record.count) != 0)
            return Complaint{"records.early", "names frames behind the request's last"};
    }
    return std::nullopt;
}

/// Reads the envelope, which always comes first and in this order, then hands the other fields to the body.
class HeaderReader {
public:
    explicit HeaderReader(CborInput& in) : m_in(in), m_fields(in) {}

    void entry(std::string_view key)
    {
        constexpr std::array<std::string_view, 3> kEnvelope{"v", "t", "i"};
        if (m_entries < kEnvelope.size()) {
            m_in.setField(kEnvelope[m_entries]);
            if (key != kEnvelope[m_entries])
                m_in.fail(ErrorCode::InvalidInput, "is missing: a header begins with v, t and i");
            envelope(m_entries++);
            return;
        }
        std::visit([&](auto& body) { m_fields.entry(key, body); }, m_message.body);
    }

    base::Result<Message> finish()
    {
        if (m_in.ok() && m_entries < 3)
            m_in.fail(ErrorCode::InvalidInput, "a header begins with v, t and i");
        std::visit([&](auto& body) { m_fields.finish(body); }, m_message.body);
        m_in.setField({});
        if (m_in.ok() && !m_in.atEnd())
            m_in.fail(ErrorCode::InvalidInput, "bytes follow the header");
        if (m_in.ok())
            if (auto wrong = std::visit([](const auto& body) { return checkTogether(body); }, m_message.body)) {
                m_in.setField(wrong->field);
                m_in.fail(ErrorCode::InvalidInput, wrong->text);
            }
        if (!m_in.ok())
            return *m_in.error();
        setVersion(m_message.body, m_version);
        return std::move(m_message);
    }

private:
    void envelope(std::size_t index)
    {
        constexpr std::uint64_t kMaxVersion = 1'000'000;
        if (index == 0)
            m_version = static_cast<int>(m_in.unsignedInteger(0, kMaxVersion));
        else if (index == 1)
            type(m_in.text(kMaxName));
        else
            m_message.id = m_in.unsignedInteger(0, kAnyUnsigned);
    }

    void type(const std::string& name)
    {
        if (!m_in.ok())
            return;
        auto body = bodyNamed(name);
        if (m_version != kProtocolVersion && !(body && crossesVersions(*body))) {
            m_in.setField("v");
            m_in.fail(ErrorCode::Mismatch,
                      "this side speaks protocol version " + std::to_string(kProtocolVersion) + ", not "
                          + std::to_string(m_version) + ": install the same Splitscope on both");
        } else if (!body) {
            m_in.fail(ErrorCode::Unsupported, "there is no message type '" + name + "'");
        } else {
            m_message.body = std::move(*body);
            m_in.setScope(typeName(m_message.body));
        }
    }

    CborInput& m_in;
    MapReader m_fields;
    Message m_message;
    int m_version = 0;
    std::size_t m_entries = 0;
};

}  // namespace

std::string_view typeName(const Body& body) { return kTypeNames[body.index()]; }

base::Bytes encode(const Message& message)
{
    QByteArray bytes;
    bytes.reserve(256);
    QCborStreamWriter out(&bytes);
    out.startMap();
    out.append(QLatin1String("v"));
    out.append(static_cast<qint64>(versionOf(message.body)));
    out.append(QLatin1String("t"));
    const auto type = typeName(message.body);
    out.appendTextString(type.data(), static_cast<qsizetype>(type.size()));
    out.append(QLatin1String("i"));
    out.append(static_cast<quint64>(message.id));
    MapWriter map(out);
    // Writing changes nothing; see MapWriter::map.
    std::visit([&](const auto& body) { fields(map, const_cast<std::decay_t<decltype(body)>&>(body)); }, message.body);
    out.endMap();
    return {bytes.begin(), bytes.end()};
}

base::Result<Message> decode(base::ByteView header)
{
    if (header.size() > kMaxHeaderBytes)
        return Error{ErrorCode::TooLarge,
                     std::to_string(header.size()) + " bytes; the limit is " + std::to_string(kMaxHeaderBytes), "header"};
    CborInput in(header);
    in.setScope("header");
    HeaderReader reader(in);
    in.map([&](std::string_view key) { reader.entry(key); });
    return reader.finish();
}

Origin originOf(base::ByteView header)
{
    Origin origin;
    if (header.size() > kMaxHeaderBytes)
        return origin;
    bool hasRun = false;
    bool hasFirst = false;
    CborInput in(header);
    in.map([&](std::string_view key) {
        if (key == "i") {
            origin.id = in.unsignedInteger(0, kAnyUnsigned);
        } else if (key == "run") {
            origin.run = in.unsignedInteger(1, kAnyUnsigned);
            hasRun = in.ok();
        } else if (key == "first") {
            origin.firstFrame = in.unsignedInteger(0, kMaxFrames);
            hasFirst = in.ok();
        } else {
            in.skip();
        }
    });
    origin.namesRequest = hasRun && hasFirst;
    return origin;
}

}  // namespace splitscope::wire
