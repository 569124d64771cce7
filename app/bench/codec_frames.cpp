// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/codec_frames.h"

#include "app/bench/segments_race.h"

namespace splitscope::app {

namespace {

struct FrameCoding {
    const char* key;
    const char* name;
    codec::Coding coding;
    bool byModel = false;  ///< of the codebook
};
constexpr FrameCoding kFrameCodings[] = {{"raw", "raw", {codec::CodingKind::Raw, 0}},
                                         {"lossless", "lossless (WebP)", {codec::CodingKind::Lossless, 0}},
                                         {"lossless_context", "lossless, context", {codec::CodingKind::Lossless, 0}, true},
                                         {"jpeg30", "JPEG 30", {codec::CodingKind::Jpeg, 30}},
                                         {"jpeg60", "JPEG 60", {codec::CodingKind::Jpeg, 60}},
                                         {"jpeg90", "JPEG 90", {codec::CodingKind::Jpeg, 90}}};

struct FrameNumbers {
    double bytes = 0, encodeUs = 0, decodeUs = 0;
};

base::Result<FrameNumbers> measure(const CodecSubject& subject, const FrameCoding& way, const codec::CoderOptions& options)
{
    std::vector<double> encodes, decodes;
    double bytes = 0;
    base::Bytes record;
    for (const auto& picture : subject.pictures) {
        const int warmUp = encodes.empty() ? 1 : 0;
        const auto encode = timed(
            [&] {
                record.clear();
                return codec::encodeImage(picture, way.coding, record, options);
            },
            Clock::Thread)(warmUp, 1);
        if (!encode)
            return encode.error();
        const auto decode = timed(
            [&]() -> base::Status {
                const auto image = codec::decodeImage(record, way.coding, picture.size, options);
                return image ? base::Status() : image.error();
            },
            Clock::Thread)(warmUp, 1);
        if (!decode)
            return decode.error();
        bytes += static_cast<double>(record.size());
        encodes.push_back(encode->front());
        decodes.push_back(decode->front());
    }
    return FrameNumbers{bytes / static_cast<double>(subject.pictures.size()), quantile(std::move(encodes), 0.5),
                        quantile(std::move(decodes), 0.5)};
}

}  // namespace

base::Status measureFrames(const CodecSubject& subject, bool goals, const std::stop_token& stop, BenchReport& report)
{
    const auto pixels = static_cast<double>(subject.pictures.front().size.byteCount());
    const auto model = codec::BookedCoder(codec::EntropyCoder::Context, subject.codebook).forFrames();
    std::string lines = format("\n%s's frames, %.0f bytes of pixels\n  %-18s %9s %9s %8s %8s MB/s of pixels\n",
                               subject.data.c_str(), pixels, "coding", "bytes", "of raw", "encode", "decode");
    for (const auto& way : kFrameCodings) {
        if (stop.stop_requested())
            return base::Error{base::ErrorCode::Cancelled, "stopped", "bench codec"};
        if (way.byModel && model.frames == nullptr)
            continue;
        const auto numbers = measure(subject, way, way.byModel ? model : codec::CoderOptions());
        if (!numbers)
            return numbers.error();
        const auto name = format("%s_frame_%s", subject.model.c_str(), way.key);
        const double overRaw = numbers->bytes / pixels;
        report.addDetail(name + "_bytes", numbers->bytes);
        report.addDetail(name + "_bytes_over_raw", overRaw);
        report.addDetail(name + "_encode_mb_per_s", pixels / numbers->encodeUs);
        report.addDetail(name + "_decode_mb_per_s", pixels / numbers->decodeUs);
        lines += format("  %-18s %9.1f %7.1f %% %8.0f %8.0f\n", way.name, numbers->bytes, 100 * overRaw,
                        pixels / numbers->encodeUs, pixels / numbers->decodeUs);
        if (goals && way.byModel)
            report.add("lossless_frame_bytes_over_raw", overRaw,
                       subject.data == "cifar10" ? std::optional(Goal{0.58}) : std::nullopt);
    }
    report.table(lines);
    return {};
}

}  // namespace splitscope::app
