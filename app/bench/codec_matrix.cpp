// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/codec_matrix.h"

#include "app/bench/segments_race.h"
#include "core/codec/quantizer.h"

#include <algorithm>
#include <cmath>

namespace splitscope::app {

namespace {

/// Timed together: a clock is read for some microseconds' work.
constexpr std::size_t kValuesInTurn = 16'384;

double entropyOf(const CodecSubject& subject, const CodecCut& cut, int bits)
{
    std::vector<double> counts(std::size_t{1} << bits);
    std::vector<std::uint16_t> levels(cut.values());
    for (std::size_t picture = 0; picture < subject.pictures.size(); ++picture) {
        codec::quantize(cut.frames.row(static_cast<int>(picture)), bits, levels);
        for (const std::uint16_t level : levels)
            ++counts[level];
    }
    const auto pictures = static_cast<double>(subject.pictures.size());
    const double all = pictures * static_cast<double>(cut.values());
    double sum = 0;
    for (const double count : counts)
        sum += count > 0 ? count * std::log2(all / count) : 0;
    return sum / 8 / pictures;
}

/// All pictures of a cut through one writer, some at a time; what they become and what comes back stays at hand.
class CellTimer {
public:
    CellTimer(const CodecSubject& subject, const CodecCut& cut, const CutCoder& coder)
        : m_coder(coder), m_pictures(subject.pictures.size()), m_values(cut.values()),
          m_together(std::clamp<std::size_t>(kValuesInTurn / std::max<std::size_t>(m_values, 1), 1, m_pictures)),
          m_records(m_pictures), m_back(m_together * m_values)
    {
    }

    base::Result<CodecCell> run()
    {
        std::vector<double> encodes, decodes;
        for (std::size_t first = 0; first + m_together <= m_pictures; first += m_together) {
            const auto encode = perPicture([this, first] { return encodeFrom(first); }, first == 0);
            if (!encode)
                return encode.error();
            const auto decode = perPicture([this, first] { return decodeFrom(first); }, first == 0);
            if (!decode)
                return decode.error();
            encodes.push_back(*encode);
            decodes.push_back(*decode);
        }
        if (auto status = encodeFrom(m_pictures - m_together); !status)  // those that fill no turn
            return status.error();
        std::size_t bytes = 0;
        for (const auto& record : m_records)
            bytes += record.size();
        return CodecCell{static_cast<double>(bytes) / static_cast<double>(m_pictures), quantile(std::move(encodes), 0.5),
                         quantile(std::move(decodes), 0.5)};
    }
    /// Of the pictures that were decoded last.
    [[nodiscard]] const std::vector<float>& back() const { return m_back; }

private:
    base::Result<double> perPicture(std::function<base::Status()> work, bool warmUp) const
    {
        const auto us = timed(std::move(work), Clock::Thread)(warmUp ? 1 : 0, 1);
        if (!us)
            return us.error();
        return us->front() / static_cast<double>(m_together);
    }
    base::Status encodeFrom(std::size_t first)
    {
        for (std::size_t picture = first; picture < first + m_together; ++picture) {
            m_records[picture].clear();  // keeps its memory
            if (auto status = m_coder.encode(picture, m_records[picture]); !status)
                return status;
        }
        return {};
    }
    base::Status decodeFrom(std::size_t first)
    {
        for (std::size_t i = 0; i < m_together; ++i)
            if (auto status = m_coder.decode(m_records[first + i], std::span(m_back).subspan(i * m_values, m_values)); !status)
                return status;
        return {};
    }

    const CutCoder& m_coder;
    std::size_t m_pictures, m_values, m_together;
    std::vector<base::Bytes> m_records;
    std::vector<float> m_back;
};

base::Result<CodecRow> measureRow(const CodecSubject& subject, std::size_t which, int bits)
{
    const auto& cut = subject.cuts[which];
    CodecRow row{which, bits, entropyOf(subject, cut, bits), {}};
    std::vector<float> packed;
    for (std::size_t w = 0; w < kWriters.size(); ++w) {
        const auto coder = CutCoder::make(subject, cut, bits, kWriters[w]);
        if (!coder)
            continue;
        CellTimer timer(subject, cut, *coder);
        auto cell = timer.run();
        if (!cell)
            return cell.error();
        if (packed.empty())
            packed = timer.back();
        else if (timer.back() != packed)
            return base::Error{base::ErrorCode::Internal,
                               format("%s at %d bits decodes to other values than bit packing", kWriters[w].name, bits),
                               subject.model + ", " + cut.name};
        row.cells[w] = *cell;
    }
    return row;
}

}  // namespace

base::Result<CodecRows> measureRows(const CodecSubject& subject, const std::vector<int>& widths, const std::stop_token& stop)
{
    CodecRows rows;
    for (const int bits : widths)
        for (std::size_t cut = 0; cut < subject.cuts.size(); ++cut) {
            if (stop.stop_requested())
                return base::Error{base::ErrorCode::Cancelled, "stopped", "bench codec"};
            auto row = measureRow(subject, cut, bits);
            if (!row)
                return row.error();
            rows.push_back(*std::move(row));
        }
    return rows;
}

}  // namespace splitscope::app
