// SPDX-License-Identifier: GPL-3.0-or-later
// Frame models: any bytes as a record of a frame, any numbers as a model, and any pixels as a frame.
#include "core/codec/frame_model.h"

#include "tests/core/codec/frame_samples.h"

#include <algorithm>
#include <cstdlib>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

void decodeAny(const FrameModel& model, data::ImageSize size, base::ByteView record)
{
    const auto image = model.decode(record, size);
    if (!image)
        return;
    require(image->size == size && image->pixels.size() == size.byteCount());
    base::Bytes again;
    require(model.encode(*image, again).ok() && again.size() <= image->pixels.size());
    require(model.decode(again, size).value().pixels == image->pixels);
}

void roundTrip(const FrameModel& model, data::ImageSize size, base::ByteView pixels)
{
    data::Image image{size, base::Bytes(size.byteCount())};
    for (std::size_t i = 0; i < image.pixels.size() && !pixels.empty(); ++i)
        image.pixels[i] = pixels[i % pixels.size()];
    base::Bytes record;
    require(model.encode(image, record).ok() && record.size() <= image.pixels.size());
    require(model.decode(record, size).value().pixels == image.pixels);
}

/// The example's model with these bytes somewhere in it.
void parseAny(base::ByteView bytes, std::size_t shift, data::ImageSize size)
{
    base::Bytes filled = serialized(exampleParameters());
    for (std::size_t i = 0; i < bytes.size(); ++i)
        filled[(i + shift) % filled.size()] = bytes[i];
    static_cast<void>(FrameModel::parse(bytes, "fuzz"));
    const auto model = FrameModel::parse(filled, "fuzz");
    if (!model)
        return;
    decodeAny(*model, size, bytes);
    roundTrip(*model, size, bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const FrameModel models[] = {modelOf(exampleParameters()), modelOf(wildParameters(1)), modelOf(wildParameters(2, 60))};
    constexpr std::size_t kChoiceBytes = 6;
    if (size < kChoiceBytes)
        return 0;
    const base::ByteView rest(data + kChoiceBytes, size - kChoiceBytes);
    const data::ImageSize frame{3, 1 + data[2] % 40, 1 + data[3] % 40};
    switch (data[0] % 3) {
    case 0: decodeAny(models[data[1] % 3], frame, rest); break;
    case 1: roundTrip(models[data[1] % 3], frame, rest); break;
    default:
        parseAny(rest.first(std::min<std::size_t>(rest.size(), data[1])), base::readAt<std::uint16_t>({data, size}, 4), frame);
    }
    return 0;
}
