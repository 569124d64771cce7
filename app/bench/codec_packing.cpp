// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/codec_packing.h"

#include "app/bench/segments_race.h"

#include <algorithm>
#include <cstring>

namespace splitscope::app {

namespace {

constexpr double kTurnMs = 4;
constexpr Goal kPackingGbps{4, false};
constexpr Goal kHuffmanMbps{400, false};

/// What the metrics of one writer begin with.
struct Names {
    codec::EntropyCoder coder;
    const char *encode, *decode;
};
constexpr Names kNames[] = {{codec::EntropyCoder::None, "quantize_pack_%d", "unpack_%d"},
                            {codec::EntropyCoder::HuffmanAdaptive, "huffman_adaptive_encode_%d", "huffman_adaptive_decode_%d"}};

/// One picture at every cut, on its way out and back.
class Trip {
public:
    Trip(const CodecSubject& subject, int bits, const Writer& writer)
    {
        for (const auto& cut : subject.cuts)
            if (auto coder = CutCoder::make(subject, cut, bits, writer))
                m_stops.push_back({*coder, cut.frames.row(0), std::vector<float>(cut.values()), {}});
    }

    base::Status encode()
    {
        for (auto& stop : m_stops) {
            stop.record.clear();  // keeps its memory
            if (auto status = stop.coder.encode(0, stop.record); !status)
                return status;
        }
        return {};
    }
    base::Status decode()
    {
        for (auto& stop : m_stops)
            if (auto status = stop.coder.decode(stop.record, stop.back); !status)
                return status;
        return {};
    }
    base::Status copy()
    {
        for (auto& stop : m_stops)
            std::memcpy(stop.back.data(), stop.values.data(), stop.values.size_bytes());
        return {};
    }

private:
    struct Stop {
        CutCoder coder;
        std::span<const float> values;
        std::vector<float> back;
        base::Bytes record;
    };
    std::vector<Stop> m_stops;
};

base::Status measure(const CodecSubject& subject, int bits, const Names& names, double seconds, const std::stop_token& stop,
                     BenchReport& report)
{
    const auto writer = std::find_if(kWriters.begin(), kWriters.end(), [&](const Writer& w) { return w.coder == names.coder; });
    Trip trip(subject, bits, *writer);
    const auto race
        = Race::run({timed([&] { return trip.copy(); }, Clock::Thread), timed([&] { return trip.encode(); }, Clock::Thread),
                     timed([&] { return trip.decode(); }, Clock::Thread)},
                    seconds, kTurnMs, stop);
    if (!race)
        return race.error();
    for (const std::size_t direction : {1, 2}) {
        const std::string name = format(direction == 1 ? names.encode : names.decode, bits);
        const double mbps = subject.floatBytes() / race->us(direction);
        if (names.coder == codec::EntropyCoder::None)
            report.add(name + "_gb_per_s", mbps * 1e-3, kPackingGbps);
        else
            report.add(name + "_mb_per_s", mbps, kHuffmanMbps);
        report.add(name + "_over_memcpy", race->ratio(0, direction));
    }
    return {};
}

}  // namespace

base::Status measurePacking(const CodecSubject& subject, const std::vector<int>& widths, double seconds,
                            const std::stop_token& stop, BenchReport& report)
{
    const double each = seconds / static_cast<double>(std::size(kNames) * widths.size());
    for (const auto& names : kNames)
        for (const int bits : widths)
            if (auto status = measure(subject, bits, names, each, stop, report); !status)
                return status;
    return {};
}

}  // namespace splitscope::app
