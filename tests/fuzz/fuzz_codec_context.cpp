// SPDX-License-Identifier: GPL-3.0-or-later
// Context models: any bytes as a record, any bytes as a model (also one that was right before), and any levels as a frame.
#include "core/codec/bit_packer.h"
#include "core/codec/context_model.h"

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

using Levels = std::vector<std::uint16_t>;

ContextModel trained(int bits, const MapShape& shape)
{
    std::vector<Levels> frames;
    for (std::size_t f = 0; f < 30; ++f) {
        Levels& frame = frames.emplace_back(shape.count());
        for (std::size_t i = 0; i < frame.size(); ++i)
            frame[i] = static_cast<std::uint16_t>((i * i / 7 + f * 13 + i * f % 5) % 97 * (std::size_t{1} << bits) / 97);
    }
    return ContextModel::train(frames, bits, shape).value();
}

const std::vector<ContextModel>& models()
{
    static const std::vector<ContextModel> all{trained(2, {3, 4, 5}),  trained(4, {2, 1, 6}),  trained(8, {4, 3, 3}),
                                               trained(8, {24, 1, 1}), trained(12, {2, 5, 1}), trained(16, {3, 2, 3})};
    return all;
}

void decodeAny(const ContextModel& model, base::ByteView record)
{
    if (model.shape().count() > 4096)
        return;
    Levels levels(model.shape().count());
    if (!model.decode(record, levels))
        return;
    require(std::all_of(levels.begin(), levels.end(), [&](int level) { return level >> model.bits() == 0; }));
    base::Bytes again;
    require(model.encode(levels, again).ok());
    Levels back(levels.size());
    require(model.decode(again, back).ok() && back == levels);
}

void roundTrip(const ContextModel& model, base::ByteView bytes)
{
    if (model.shape().count() > 4096)
        return;
    Levels levels(model.shape().count());
    for (std::size_t i = 0; i < levels.size() && bytes.size() >= 2; ++i)
        levels[i] = static_cast<std::uint16_t>(base::readAt<std::uint16_t>(bytes, 2 * i % (bytes.size() - 1))
                                               & ((1 << model.bits()) - 1));
    base::Bytes record;
    require(model.encode(levels, record).ok());
    require(record.size() <= 1 + packedSize(levels.size(), model.bits()) && record.size() == model.encodedSize(levels));
    Levels back(levels.size());
    require(model.decode(record, back).ok() && back == levels);
}

void parseAny(base::ByteView bytes, base::ByteView record)
{
    const auto model = ContextModel::parse(bytes, "fuzz");
    if (!model)
        return;
    base::Bytes again;
    model->serialize(again);
    const auto same = ContextModel::parse(again, "fuzz");
    require(same.ok());
    decodeAny(*model, record);
    roundTrip(*model, record);
}

/// A good model's file with the bytes somewhere in it.
void parseDamaged(const ContextModel& model, std::size_t shift, base::ByteView bytes)
{
    base::Bytes file;
    model.serialize(file);
    const std::size_t count = std::min<std::size_t>(bytes.size(), 8);
    for (std::size_t i = 0; i < count; ++i)
        file[(i + shift) % file.size()] = bytes[i];
    parseAny(file, bytes.subspan(count));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t kChoiceBytes = 4;
    if (size < kChoiceBytes)
        return 0;
    const base::ByteView rest(data + kChoiceBytes, size - kChoiceBytes);
    const ContextModel& model = models()[data[1] % models().size()];
    switch (data[0] % 4) {
    case 0: decodeAny(model, rest); break;
    case 1: roundTrip(model, rest); break;
    case 2: parseDamaged(model, base::readAt<std::uint16_t>({data, size}, 2), rest); break;
    default: parseAny(rest, rest); break;
    }
    return 0;
}
