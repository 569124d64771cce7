// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/date.h"
#include "core/base/files.h"
#include "core/profile/cost_table_p.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

namespace splitscope::profile {

namespace {

base::Error mismatch(const std::string& text) { return {base::ErrorCode::Mismatch, text, "cost table"}; }

base::Status checkProfile(const CostTableParts& parts, const ComputeProfile& profile, const char* side)
{
    if (profile.modelHash == parts.modelHash)
        return {};
    return mismatch(std::string("the ") + side + "'s profile is of model " + profile.modelHash.substr(0, 12) + ", not of "
                    + parts.modelHash.substr(0, 12) + ": measure it again with these weights");
}

/// Reads a row's times; the first thing that a profile lacks sticks.
class WorkReader {
public:
    explicit WorkReader(const CostTableParts& parts) : m_parts(parts) {}

    RowWork read(const CostRow& row, int batch)
    {
        const auto& [exit, partition, coding, gate] = row.decision;
        const bool staysHere = coding.kind == codec::CodingKind::LabelOnly;
        const int length = m_parts.spec.exits[static_cast<std::size_t>(exit - 1)].layerCount();
        RowWork work;
        work.captureMs
            = take(m_parts.device.captureMs("read", batch), "device") + take(m_parts.device.captureMs("input", batch), "device");
        if (partition > 0)
            work.deviceMs = take(m_parts.device.segmentMs(exit, 0, partition, batch), "device");
        const bool onEdge = decision::gatedOnEdge(m_parts.spec, row.decision);
        if (gate && !onEdge)
            splitAtGate(*gate, batch, work);
        if (staysHere)
            return work;
        work.encodeMs = take(m_parts.device.encodeMs(row.tensor, coding, batch), "device");
        work.decodeMs = take(m_parts.edge.decodeMs(row.tensor, coding, batch), "edge");
        if (onEdge)
            splitOnEdge(row.decision, length, batch, work);
        else
            work.edgeMs = take(m_parts.edge.segmentMs(exit, partition, length, batch), "edge");
        return work;
    }
    [[nodiscard]] const base::Status& status() const { return m_status; }

private:
    /// Of the device's layers those up to the gate's branch run for all frames, and so does its head.
    void splitAtGate(const decision::Gate& gate, int batch, RowWork& work)
    {
        const model::Path path(m_parts.spec, gate.exit);
        const double trunkMs = take(m_parts.device.segmentMs(gate.exit, 0, branchCut(path), batch), "device");
        work.gateMs = take(m_parts.device.segmentMs(gate.exit, 0, path.length(), batch), "device");
        work.deviceMs = std::max(0.0, work.deviceMs - trunkMs);  // each is a median of its own
    }
    /// The gate's exit to its end for all frames, and from its branch on the rest for those that go on.
    void splitOnEdge(const decision::Decision& decision, int length, int batch, RowWork& work)
    {
        const model::Path path(m_parts.spec, decision.gate->exit);
        work.gateMs = take(m_parts.edge.segmentMs(path.exit(), decision.partition, path.length(), batch), "edge");
        work.edgeMs = take(m_parts.edge.segmentMs(decision.exit, branchCut(path), length, batch), "edge");
    }
    [[nodiscard]] int branchCut(const model::Path& path) const
    {
        return path.canonicalCut(m_parts.spec.exits[static_cast<std::size_t>(path.exit() - 1)].after);
    }
    double take(const base::Result<double>& ms, const char* side)
    {
        if (ms)
            return *ms;
        if (m_status)
            m_status
                = base::Error{ms.error().code, ms.error().message() + ": it is not in the " + side + "'s profile", "cost table"};
        return 0;
    }

    const CostTableParts& m_parts;
    base::Status m_status;
};

base::Error lacksColumn(const decision::Decision& decision, const std::string& what)
{
    return {base::ErrorCode::NotFound,
            "the accuracy table " + what + " " + decision::toString(decision) + ": build it with these actions and this coder",
            "cost table"};
}

bool doesTheSame(const CostRow& row, const decision::Decision& decision, std::string_view tensor)
{
    return row.decision.exit == decision.exit && row.decision.coding == decision.coding && row.decision.gate == decision.gate
        && row.tensor == tensor;
}

/// Rows that differ in the gate's threshold alone take the same times.
bool takesTheSame(const CostRow& row, const CostRow& other)
{
    return row.decision.gate && other.decision.gate && row.decision.gate->exit == other.decision.gate->exit
        && row.decision.exit == other.decision.exit && row.decision.coding == other.decision.coding && row.tensor == other.tensor;
}

/// Times of all rows at all batches; an Error names what a profile lacks.
base::Result<std::vector<RowWork>> workOf(const CostTableParts& parts)
{
    constexpr std::size_t kBatches = CostTable::kMaxBatch;
    WorkReader reader(parts);
    std::vector<RowWork> work;
    work.reserve(parts.rows.size() * kBatches);
    for (std::size_t row = 0; row < parts.rows.size(); ++row) {
        if (row > 0 && takesTheSame(parts.rows[row], parts.rows[row - 1])) {
            for (std::size_t i = 0; i < kBatches; ++i)
                work.push_back(work[work.size() - kBatches]);
            continue;
        }
        for (int batch = 1; batch <= CostTable::kMaxBatch; ++batch)
            work.push_back(reader.read(parts.rows[row], batch));
        if (!reader.status())
            return reader.status().error();
    }
    return work;
}

/// What a decision answers and sends, from the columns; an Error where there is none.
base::Result<DecisionAccuracy> accuracyOf(const model::NetworkSpec& spec, const decision::Decision& decision,
                                          const decision::DecisionSpace& space, const AccuracyTable& accuracy,
                                          codec::EntropyCoder coder)
{
    const auto* column = accuracy.find(decision.exit, space.cutName(decision), decision.coding);
    if (column == nullptr)
        return lacksColumn(decision, "has no column for");
    if (decision.coding.kind != codec::CodingKind::LabelOnly && column->bytesWith(coder).empty())
        return lacksColumn(decision, "does not say what '" + codec::toString(coder) + "' makes of");
    if (!decision.gate)
        return summarise(*column, coder);
    const auto& head = space.path(decision.gate->exit);
    const auto* answers = decision::gatedOnEdge(spec, decision)
        ? accuracy.find(head.exit(), space.cutName(decision), decision.coding)
        : accuracy.find(head.exit(), head.cutName(head.length()), {codec::CodingKind::LabelOnly, 0});
    if (answers == nullptr)
        return lacksColumn(decision, "has no answers of the head for");
    return summariseGated(*decision.gate, *answers, *column, coder);
}

}  // namespace

base::Result<CostTable> CostTable::Private::assemble(CostTableParts parts)
{
    if (auto status = checkProfile(parts, parts.device, "device"); !status)
        return status.error();
    if (auto status = checkProfile(parts, parts.edge, "edge"); !status)
        return status.error();
    if (parts.device.coder != parts.edge.coder)
        return mismatch("the device's profile is with the entropy coder '" + codec::toString(parts.device.coder)
                        + "', the edge's with '" + codec::toString(parts.edge.coder) + "': measure both with one");
    if (parts.rows.empty())
        return mismatch("it holds no decision");
    auto work = workOf(parts);
    if (!work)
        return work.error();
    EnergyModel energy(parts.spec, parts.device.energy);
    std::vector<char> gatedOnEdge;
    for (const auto& row : parts.rows)
        gatedOnEdge.push_back(decision::gatedOnEdge(parts.spec, row.decision) ? 1 : 0);
    return CostTable(
        std::make_shared<const Private>(Private{std::move(parts), std::move(energy), *std::move(work), std::move(gatedOnEdge)}));
}

base::Result<CostTable> CostTable::make(const model::NetworkSpec& spec, const decision::SpaceOptions& actions,
                                        ComputeProfile device, ComputeProfile edge, const LinkProfile& link,
                                        const AccuracyTable& accuracy)
{
    CostTableParts parts{spec,
                         accuracy.modelHash,
                         accuracy.data,
                         base::sha256(serialize(accuracy)),
                         base::utcNow(),
                         std::move(device),
                         std::move(edge),
                         link,
                         {}};
    const auto coder = parts.device.coder;
    const decision::DecisionSpace space(spec, actions);
    for (const auto& decision : space.decisions()) {
        const auto summary = accuracyOf(spec, decision, space, accuracy, coder);
        if (!summary)
            return summary.error();
        parts.rows.push_back({decision, space.cutName(decision), *summary});
    }
    return Private::assemble(std::move(parts));
}

base::Result<CostTable> CostTable::makeOfSizes(const model::NetworkSpec& spec, const decision::SpaceOptions& actions,
                                               ComputeProfile device, ComputeProfile edge, const LinkProfile& link,
                                               std::span<const CodedSize> sizes)
{
    auto hash = device.modelHash;
    CostTableParts parts{spec, std::move(hash), {}, {}, base::utcNow(), std::move(device), std::move(edge), link, {}};
    const decision::DecisionSpace space(spec, actions);
    for (const auto& decision : space.decisions()) {
        if (decision.gate)
            continue;  // which frames it answers is not known without answers
        CostRow row{decision, space.cutName(decision), {}};
        if (decision.coding.kind != codec::CodingKind::LabelOnly) {
            const auto found = std::find_if(sizes.begin(), sizes.end(), [&](const CodedSize& size) {
                return size.decision.exit == decision.exit && space.canonical(size.decision) == decision;
            });
            if (found == sizes.end())
                return base::Error{base::ErrorCode::NotFound, "no size is known of " + decision::toString(decision),
                                   "cost table"};
            row.accuracy.meanBytes = found->meanBytes;
            row.accuracy.p95Bytes = found->p95Bytes;
        }
        parts.rows.push_back(std::move(row));
    }
    return Private::assemble(std::move(parts));
}

CostTable CostTable::withLink(const LinkProfile& link) const
{
    auto changed = *d;
    changed.parts.link = link;
    return CostTable(std::make_shared<const Private>(std::move(changed)));
}

base::Result<CostTable> CostTable::withActions(const decision::SpaceOptions& actions) const
{
    if (lacksGates(actions))
        return mismatch("it does not price the gates of this action set: build one with it");
    const decision::DecisionSpace space(spec(), actions);
    const auto& wanted = space.decisions();
    bool anySends = false;
    auto chosen = d->rowsThat([&](const decision::Decision& decision) {
        const bool isWanted = std::find(wanted.begin(), wanted.end(), decision) != wanted.end();
        anySends = anySends || (isWanted && decision.coding.kind != codec::CodingKind::LabelOnly);
        return isWanted;
    });
    if (!anySends)
        return mismatch("it holds no decision of this action set that sends anything: build one with these actions");
    return CostTable(std::make_shared<const Private>(std::move(chosen)));
}

CostTable CostTable::withoutGates() const
{
    return CostTable(
        std::make_shared<const Private>(d->rowsThat([](const decision::Decision& decision) { return !decision.gate; })));
}

CostTable::Private CostTable::Private::rowsThat(const std::function<bool(const decision::Decision&)>& chooses) const
{
    Private chosen{parts, energy, {}, {}};
    chosen.parts.rows.clear();
    for (std::size_t row = 0; row < parts.rows.size(); ++row) {
        if (!chooses(parts.rows[row].decision))
            continue;
        chosen.parts.rows.push_back(parts.rows[row]);
        chosen.gatedOnEdge.push_back(gatedOnEdge[row]);
        const auto first = work.begin() + static_cast<std::ptrdiff_t>(row * kMaxBatch);
        chosen.work.insert(chosen.work.end(), first, first + kMaxBatch);
    }
    return chosen;
}

bool CostTable::lacksGates(const decision::SpaceOptions& actions) const
{
    if (!actions.anyGates())
        return false;
    const decision::DecisionSpace space(spec(), actions);
    return std::any_of(space.decisions().begin(), space.decisions().end(), [this](const decision::Decision& decision) {
        auto whole = decision;
        whole.gate.reset();
        return decision.gate && rowOf(whole).ok() && !rowOf(decision).ok();
    });
}

base::Result<CostTable> CostTable::withGates(const decision::SpaceOptions& actions, const AccuracyTable& accuracy) const
{
    if (accuracy.modelHash != modelHash() || accuracy.data != data())
        return mismatch("its answers are of " + data() + " by model " + modelHash().substr(0, 12) + ", the accuracy table's of "
                        + accuracy.data + " by " + accuracy.modelHash.substr(0, 12));
    const decision::DecisionSpace space(spec(), actions);
    auto parts = d->parts;
    parts.rows.clear();
    for (const auto& row : rows()) {
        if (row.decision.gate)
            continue;
        parts.rows.push_back(row);
        for (const auto& decision : space.decisions()) {
            if (!decision.gate
                || !doesTheSame(row, {decision.exit, decision.partition, decision.coding}, space.cutName(decision)))
                continue;
            const auto summary = accuracyOf(spec(), decision, space, accuracy, coder());
            if (!summary)
                return summary.error();
            parts.rows.push_back({decision, row.tensor, *summary});
        }
    }
    return Private::assemble(std::move(parts));
}

const std::vector<CostRow>& CostTable::rows() const { return d->parts.rows; }
const model::NetworkSpec& CostTable::spec() const { return d->parts.spec; }
const ComputeProfile& CostTable::device() const { return d->parts.device; }
const ComputeProfile& CostTable::edge() const { return d->parts.edge; }
const LinkProfile& CostTable::link() const { return d->parts.link; }
const std::string& CostTable::data() const { return d->parts.data; }
const std::string& CostTable::modelHash() const { return d->parts.modelHash; }
codec::EntropyCoder CostTable::coder() const { return d->parts.device.coder; }
const std::string& CostTable::accuracyHash() const { return d->parts.accuracyHash; }
const std::string& CostTable::date() const { return d->parts.date; }

base::Result<std::size_t> CostTable::rowOf(const decision::Decision& decision) const
{
    if (auto status = decision::check(spec(), decision); !status)
        return status.error();
    const auto tensor = model::cutName(spec(), decision.exit, decision.partition);
    const auto found
        = std::find_if(rows().begin(), rows().end(), [&](const CostRow& row) { return doesTheSame(row, decision, tensor); });
    if (found == rows().end())
        return base::Error{base::ErrorCode::NotFound, decision::toString(decision) + " is not among its actions", "cost table"};
    return static_cast<std::size_t>(std::distance(rows().begin(), found));
}

}  // namespace splitscope::profile
