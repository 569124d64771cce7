// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/codec_writers.h"

#include "core/codec/quantizer.h"
#include "core/codec/zstd_levels.h"

namespace splitscope::app {

std::optional<CutCoder> CutCoder::make(const CodecSubject& subject, const CodecCut& cut, int bits, const Writer& writer)
{
    const codec::Coding coding{codec::CodingKind::Quantized, bits};
    const auto options = codec::BookedCoder(writer.coder, subject.codebook).forTensor(cut.name, coding);
    if (!codec::checkBook(options, coding, cut.name))
        return std::nullopt;
    return CutCoder(cut, bits, writer, options);
}

base::Status CutCoder::encode(std::size_t picture, base::Bytes& record) const
{
    const auto values = m_cut.frames.row(static_cast<int>(picture));
    if (m_writer.zstdLevel == 0)
        return codec::encodeFeatures(values, m_coding, m_options, record);
    thread_local std::vector<std::uint16_t> levels;  // as the feature codec keeps its own
    levels.resize(values.size());
    const auto range = codec::quantize(values, m_coding.parameter, levels);
    base::append(record, range.low);
    base::append(record, range.high);
    codec::encodeZstd(levels, m_coding.parameter, record, m_writer.zstdLevel);
    return {};
}

base::Status CutCoder::decode(base::ByteView record, std::span<float> values) const
{
    return codec::decodeFeatures(record, m_coding, m_options, values);
}

}  // namespace splitscope::app
