// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/frame_model.h"

#include "core/codec/feature_codec.h"
#include "core/codec/frame_kernels.h"
#include "core/codec/frame_trainer.h"

namespace splitscope::codec {

namespace {

/// Larger frames are sent as they are: coding takes memory of 6 times their size.
constexpr std::size_t kMostCodedBytes = std::size_t{1} << 27;
/// Memory beyond this is not kept for the next frame.
constexpr std::size_t kMostKeptSamples = std::size_t{1} << 22;

/// Behind the last sample, so that no record is empty and a cut off one hardly ever ends as it should.
constexpr std::uint32_t kEndMark = 1;
constexpr int kEndMarkBits = 1;

struct Scratch {
    FrameScratch frame;
    base::Bytes coded;
};

Scratch& threadScratch()
{
    thread_local Scratch scratch;
    return scratch;
}

std::string describe(const data::ImageSize& size)
{
    return std::to_string(size.channels) + "x" + std::to_string(size.height) + "x" + std::to_string(size.width);
}

base::Status checkSize(const data::ImageSize& size)
{
    const auto sensible = [](int side) { return side >= 1 && side <= kMaxImageSide; };
    if (size.channels == kFrameChannels && sensible(size.height) && sensible(size.width))
        return {};
    return base::Error{base::ErrorCode::InvalidInput,
                       "frames have 3 channels and sides of 1 to " + std::to_string(kMaxImageSide) + " pixels, not "
                           + describe(size),
                       "frame model"};
}

base::Status checkImage(const data::Image& image)
{
    if (auto status = checkSize(image.size); !status)
        return status;
    if (image.pixels.size() == image.size.byteCount())
        return {};
    return base::Error{base::ErrorCode::InvalidInput,
                       std::to_string(image.pixels.size()) + " bytes of pixels for a frame of " + describe(image.size),
                       "frame model"};
}

/// The frame's samples, last one first; in `scratch`, until the next frame.
base::ByteView encodeSamples(const FrameTables& tables, const data::Image& image, Scratch& scratch)
{
    const std::size_t samples = image.pixels.size();
    const std::size_t pixels = samples / kFrameChannels;
    scratch.frame.prepare(image.size);
    scratch.frame.predictions.resize(samples);
    scratch.coded.resize(RansEncoder::roomFor(samples + 1));
    frameKernels().predict(tables, image, scratch.frame, scratch.frame.predictions.data());
    RansEncoder encoder(scratch.coded);
    encoder.putRaw(kEndMark, kEndMarkBits);
    const FramePrediction* prediction = scratch.frame.predictions.data() + samples;
    for (std::size_t pixel = pixels; pixel-- > 0;)
        for (std::size_t channel = kFrameChannels; channel-- > 0;) {
            --prediction;
            const int sample = image.pixels[static_cast<std::size_t>(kFramePlanes[channel]) * pixels + pixel];
            const std::uint16_t* cdf = cdfAt(tables.cdfs[prediction->scale], prediction->mean);
            const std::uint32_t start = partsBelow(cdf, sample);
            encoder.putFine(start, partsBelow(cdf, sample + 1) - start);
        }
    return encoder.finish();
}

void forgetLargeMemory(Scratch& scratch, std::size_t samples)
{
    if (samples > kMostKeptSamples)
        scratch = {};
}

}  // namespace

base::Result<FrameModel> FrameModel::train(std::span<const data::Image> frames, int steps, const std::stop_token& stop,
                                           const std::function<void(double share)>& observer)
{
    if (frames.empty())
        return base::Error{base::ErrorCode::InvalidInput, "there are no frames to learn from", "frame model"};
    for (const data::Image& frame : frames)
        if (auto status = checkImage(frame); !status)
            return status.error();
    FrameParameters parameters = trainFrameNetworks(frames, steps, stop, observer);
    if (auto status = checkFrameParameters(parameters, "trained frame model"); !status)
        return status.error();
    parameters.shapes = fitFrameShapes(frames, parameters, stop);
    if (stop.stop_requested())
        return base::Error{base::ErrorCode::Cancelled, "stopped while it was trained", "frame model"};
    if (observer)
        observer(1);
    return FrameModel(std::make_shared<const FrameTables>(parameters));
}

base::Status FrameModel::encode(const data::Image& image, base::Bytes& out) const
{
    if (auto status = checkImage(image); !status)
        return status;
    const std::size_t samples = image.pixels.size();
    if (samples <= kMostCodedBytes) {
        Scratch& scratch = threadScratch();
        const base::ByteView coded = encodeSamples(*m_tables, image, scratch);
        const bool shorter = coded.size() < samples;
        if (shorter)
            out.insert(out.end(), coded.begin(), coded.end());
        forgetLargeMemory(scratch, samples);
        if (shorter)
            return {};
    }
    out.insert(out.end(), image.pixels.begin(), image.pixels.end());
    return {};
}

base::Result<data::Image> FrameModel::decode(base::ByteView record, data::ImageSize expected) const
{
    if (auto status = checkSize(expected); !status)
        return status.error();
    const std::size_t samples = expected.byteCount();
    if (record.size() > samples || (record.size() < samples && samples > kMostCodedBytes))
        return base::Error{base::ErrorCode::InvalidInput,
                           std::to_string(record.size()) + " bytes for a frame of " + describe(expected)
                               + " pixels: cut off, or of another frame",
                           "frame model"};
    if (record.size() == samples)
        return data::Image{expected, base::Bytes(record.begin(), record.end())};
    data::Image image{expected, base::Bytes(samples)};
    Scratch& scratch = threadScratch();
    scratch.frame.prepare(expected);
    RansDecoder decoder(record);
    frameKernels().decode(*m_tables, decoder, scratch.frame, image);
    forgetLargeMemory(scratch, samples);
    if (decoder.takeRaw(kEndMarkBits) != kEndMark || !decoder.ended())
        return base::Error{base::ErrorCode::InvalidInput,
                           "damaged, or made with another codebook: bytes are left behind the frame's last sample",
                           "frame model"};
    return image;
}

void FrameModel::serialize(base::Bytes& out) const { serializeFrameParameters(m_tables->parameters, out); }

base::Result<FrameModel> FrameModel::parse(base::ByteView in, const std::string& where)
{
    const auto parameters = parseFrameParameters(in, where);
    if (!parameters)
        return parameters.error();
    return FrameModel(std::make_shared<const FrameTables>(*parameters));
}

}  // namespace splitscope::codec
