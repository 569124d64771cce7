// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/date.h"
#include "core/base/files.h"
#include "core/profile/cost_table_p.h"

#include <algorithm>
#include <cmath>
#include <iterator>

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
        const auto& [exit, partition, coding] = row.decision;
        const bool staysHere = coding.kind == codec::CodingKind::LabelOnly;
        const int length = m_parts.spec.exits[static_cast<std::size_t>(exit - 1)].layerCount();
        RowWork work;
        work.captureMs
            = take(m_parts.device.captureMs("read", batch), "device") + take(m_parts.device.captureMs("input", batch), "device");
        if (partition > 0)
            work.deviceMs = take(m_parts.device.segmentMs(exit, 0, partition, batch), "device");
        if (staysHere)
            return work;
        work.encodeMs = take(m_parts.device.encodeMs(row.tensor, coding, batch), "device");
        work.decodeMs = take(m_parts.edge.decodeMs(row.tensor, coding, batch), "edge");
        work.edgeMs = take(m_parts.edge.segmentMs(exit, partition, length, batch), "edge");
        return work;
    }
    [[nodiscard]] const base::Status& status() const { return m_status; }

private:
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

bool doesTheSame(const CostRow& row, const decision::Decision& decision, const std::string& tensor)
{
    return row.decision.exit == decision.exit && row.decision.coding == decision.coding && row.tensor == tensor;
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
    WorkReader reader(parts);
    std::vector<RowWork> work;
    work.reserve(parts.rows.size() * kMaxBatch);
    for (const auto& row : parts.rows) {
        for (int batch = 1; batch <= kMaxBatch; ++batch)
            work.push_back(reader.read(row, batch));
        if (!reader.status())
            return reader.status().error();
    }
    EnergyModel energy(parts.spec, parts.device.energy);
    return CostTable(std::make_shared<const Private>(Private{std::move(parts), std::move(energy), std::move(work)}));
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
        const auto& tensor = space.cutName(decision);
        const auto* column = accuracy.find(decision.exit, tensor, decision.coding);
        if (column == nullptr)
            return lacksColumn(decision, "has no column for");
        if (decision.coding.kind != codec::CodingKind::LabelOnly && column->bytesWith(coder).empty())
            return lacksColumn(decision, "does not say what '" + codec::toString(coder) + "' makes of");
        parts.rows.push_back({decision, tensor, summarise(*column, coder)});
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
    const decision::DecisionSpace space(spec(), actions);
    const auto& wanted = space.decisions();
    Private changed{d->parts, d->energy, {}};
    changed.parts.rows.clear();
    bool anySends = false;
    for (std::size_t row = 0; row < rows().size(); ++row) {
        const auto& decision = rows()[row].decision;
        if (std::find(wanted.begin(), wanted.end(), decision) == wanted.end())
            continue;
        anySends = anySends || decision.coding.kind != codec::CodingKind::LabelOnly;
        changed.parts.rows.push_back(rows()[row]);
        const auto first = d->work.begin() + static_cast<std::ptrdiff_t>(row * kMaxBatch);
        changed.work.insert(changed.work.end(), first, first + kMaxBatch);
    }
    if (!anySends)
        return mismatch("it holds no decision of this action set that sends anything: build one with these actions");
    return CostTable(std::make_shared<const Private>(std::move(changed)));
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
    const model::Path path(spec(), decision.exit);
    const auto& tensor = path.cutName(decision.partition);
    const auto found
        = std::find_if(rows().begin(), rows().end(), [&](const CostRow& row) { return doesTheSame(row, decision, tensor); });
    if (found == rows().end())
        return base::Error{base::ErrorCode::NotFound, decision::toString(decision) + " is not among its actions", "cost table"};
    return static_cast<std::size_t>(std::distance(rows().begin(), found));
}

}  // namespace splitscope::profile
