// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/workload_p.h"

#include "core/codec/feature_codec.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace splitscope::profile {

namespace {

constexpr int kFramesInTurn = 8;  // how long coding takes depends on the frame; so many take turns at least
constexpr std::size_t kImagesRead = 64;  // "read" goes through so many

std::vector<int> batchesOf(const ProfilerOptions& options)
{
    const std::set<int> distinct(options.batches.begin(), options.batches.end());
    return {distinct.begin(), distinct.end()};
}

/// Each frame's record by itself, one behind the other, as a request carries them.
struct Records {
    base::Bytes payload;
    std::vector<std::size_t> ends;

    template <typename EncodeOne>
    base::Status encode(int rows, EncodeOne encodeOne)
    {
        for (int i = 0; i < rows; ++i) {
            if (auto status = encodeOne(i, payload); !status)
                return status;
            ends.push_back(payload.size());
        }
        return {};
    }
    [[nodiscard]] base::ByteView record(int i) const
    {
        const auto at = static_cast<std::size_t>(i);
        const auto begin = at == 0 ? 0 : ends[at - 1];
        return base::ByteView(payload).subspan(begin, ends[at] - begin);
    }
};

base::Status encodeFrames(const std::vector<data::Image>& frames, const codec::Coding& coding, const codec::CoderOptions& options,
                          Records& records)
{
    return records.encode(static_cast<int>(frames.size()), [&](int i, base::Bytes& out) {
        return codec::encodeImage(frames[static_cast<std::size_t>(i)], coding, out, options);
    });
}

base::Status decodeFrames(const model::NetworkSpec& spec, const codec::Coding& coding, const codec::CoderOptions& options,
                          const Records& records)
{
    std::vector<data::Image> frames;
    for (int i = 0; i < static_cast<int>(records.ends.size()); ++i) {
        auto frame = codec::decodeImage(records.record(i), coding, model::frameSize(spec), options);
        if (!frame)
            return frame.error();
        frames.push_back(std::move(*frame));
    }
    const auto input = model::toInput(spec, frames);
    return input ? base::Status() : input.error();
}

base::Status encodeTensor(const base::Tensor& tensor, const codec::Coding& coding, const codec::CoderOptions& coder,
                          Records& records)
{
    return records.encode(tensor.batch,
                          [&](int i, base::Bytes& out) { return codec::encodeFeatures(tensor.row(i), coding, coder, out); });
}

base::Status decodeTensor(const base::Shape& shape, const codec::Coding& coding, const codec::CoderOptions& coder,
                          const Records& records)
{
    base::Tensor tensor(static_cast<int>(records.ends.size()), shape);
    for (int i = 0; i < tensor.batch; ++i)
        if (auto status = codec::decodeFeatures(records.record(i), coding, coder, tensor.row(i)); !status)
            return status;
    return {};
}

bool codesFrames(const codec::Coding& coding)
{
    return coding.kind == codec::CodingKind::Raw || coding.kind == codec::CodingKind::Lossless
        || coding.kind == codec::CodingKind::Jpeg;
}

}  // namespace

Workload::Workload(const model::Executor& executor, const data::DataSet& images, const ProfilerOptions& options)
    : m_executor(executor), m_images(images), m_options(options), m_space(executor.spec(), options.actions)
{
}

base::Result<std::unique_ptr<Workload>> Workload::make(const model::Executor& executor, const data::DataSet& images,
                                                       const ProfilerOptions& options)
{
    std::unique_ptr<Workload> workload(new Workload(executor, images, options));
    for (int batch : batchesOf(options))
        if (auto status = workload->addBatch(batch); !status)
            return status.error();
    return workload;
}

base::Status Workload::addBatch(int batch)
{
    auto& inputs = *m_inputs.emplace_back(std::make_unique<BatchInputs>());
    inputs.batch = batch;
    if (auto status = readFrames(inputs); !status)
        return status;
    if (auto status = computeTensors(inputs); !status)
        return status;
    addCapture(inputs);
    addLayers(inputs);
    addSegments(inputs);
    return addCodings(inputs);
}

base::Status Workload::readFrames(BatchInputs& inputs) const
{
    const auto sets = static_cast<std::size_t>(std::max(1, kFramesInTurn / inputs.batch));
    const auto batch = static_cast<std::size_t>(inputs.batch);
    for (std::size_t set = 0; set < sets; ++set) {
        auto& frames = inputs.frames.emplace_back();
        for (std::size_t i = 0; i < batch; ++i) {
            // Spread over the whole set: images often come class by class.
            const auto index = (set * batch + i) * m_images.size() / (sets * batch);
            auto frame = m_images.image(index % m_images.size());
            if (!frame)
                return frame.error();
            frames.push_back(std::move(*frame));
        }
        auto input = model::toInput(m_executor.spec(), frames);
        if (!input)
            return input.error();
        inputs.tensors["input"].push_back(std::move(*input));
    }
    return {};
}

base::Status Workload::computeTensors(BatchInputs& inputs) const
{
    for (int exit = 1; exit <= m_executor.spec().exitCount(); ++exit) {
        const auto& path = m_space.path(exit);
        for (int p = 1; p <= path.length(); ++p) {
            auto& made = inputs.tensors[path.cutName(p)];
            if (!made.empty())
                continue;
            for (const auto& before : inputs.tensors.at(path.cutName(p - 1))) {
                auto output = m_executor.run(exit, path.canonicalCut(p - 1), p, before);
                if (!output)
                    return output.error();
                made.push_back(std::move(*output));
            }
        }
    }
    return {};
}

std::size_t Workload::add(std::string what, int batch, std::function<base::Status(std::size_t)> run)
{
    if (batch > 1)
        what += ", batch " + std::to_string(batch);
    m_things.push_back({std::move(what), std::move(run)});
    return m_things.size() - 1;
}

void Workload::addCapture(const BatchInputs& inputs)
{
    const auto read = add("reading a frame", inputs.batch, [&images = m_images, batch = inputs.batch](std::size_t call) {
        const auto count = std::min(images.size(), kImagesRead);
        for (std::size_t i = 0; i < static_cast<std::size_t>(batch); ++i)
            if (const auto frame = images.image((call * static_cast<std::size_t>(batch) + i) % count); !frame)
                return base::Status(frame.error());
        return base::Status();
    });
    const auto toInput = add("pixels to input", inputs.batch, [&spec = m_executor.spec(), &inputs](std::size_t call) {
        const auto input = model::toInput(spec, inputs.frames[call % inputs.frames.size()]);
        return input ? base::Status() : base::Status(input.error());
    });
    m_capture.push_back({{"read", inputs.batch, {}}, read});
    m_capture.push_back({{"input", inputs.batch, {}}, toInput});
}

std::size_t Workload::addSegment(const BatchInputs& inputs, const model::Path& path, int first, int last, std::string what)
{
    const auto& tensors = inputs.tensors.at(path.cutName(first));
    return add(std::move(what), inputs.batch,
               [&executor = m_executor, &tensors, exit = path.exit(), first, last](std::size_t call) {
                   const auto output = executor.run(exit, first, last, tensors[call % tensors.size()]);
                   return output ? base::Status() : base::Status(output.error());
               });
}

void Workload::addLayers(const BatchInputs& inputs)
{
    std::set<std::string> added;
    for (int exit = 1; exit <= m_executor.spec().exitCount(); ++exit) {
        const auto& path = m_space.path(exit);
        for (int i = 1; i <= path.length(); ++i) {
            const auto& name = path.layer(i).spec.name;
            if (!added.insert(name).second)
                continue;
            const auto thing = addSegment(inputs, path, i - 1, i, "layer " + name);
            m_layers.push_back({{name, inputs.batch, {}}, thing});
        }
    }
}

void Workload::addSegments(const BatchInputs& inputs)
{
    std::map<std::string, std::size_t> prefixes;  // by the tensor that they make: exits share the trunk's
    for (int exit = 1; exit <= m_executor.spec().exitCount(); ++exit) {
        const auto& path = m_space.path(exit);
        const auto segment = [&](int first, int last, std::size_t thing) {
            m_segments.push_back({{exit, first, last, inputs.batch, {}}, thing});
        };
        const auto describe = [&](int first, int last) {
            return "layers " + std::to_string(first + 1) + " to " + std::to_string(last) + " of exit " + std::to_string(exit);
        };
        for (int p : path.distinctCuts()) {
            if (p == 0 || p == path.length())
                continue;
            auto known = prefixes.find(path.cutName(p));
            if (known == prefixes.end())
                known = prefixes.emplace(path.cutName(p), addSegment(inputs, path, 0, p, describe(0, p))).first;
            segment(0, p, known->second);
            segment(p, path.length(), addSegment(inputs, path, p, path.length(), describe(p, path.length())));
        }
        segment(0, path.length(), addSegment(inputs, path, 0, path.length(), describe(0, path.length())));
    }
}

base::Status Workload::addCodings(const BatchInputs& inputs)
{
    std::set<std::pair<std::string, std::string>> added;
    for (const auto& decision : m_space.decisions()) {
        const auto& tensor = m_space.cutName(decision);
        if (decision.coding.kind == codec::CodingKind::LabelOnly
            || !added.emplace(tensor, codec::toString(decision.coding)).second)
            continue;
        const auto status = codesFrames(decision.coding) ? addFrameCoding(inputs, decision.coding)
                                                         : addTensorCoding(inputs, tensor, decision.coding);
        if (!status)
            return status;
    }
    return {};
}

base::Status Workload::addFrameCoding(const BatchInputs& inputs, const codec::Coding& coding)
{
    const auto coder = codec::BookedCoder(m_options.coder, m_options.codebook).forFrames();
    auto coded = std::make_shared<std::vector<Records>>(inputs.frames.size());
    for (std::size_t i = 0; i < inputs.frames.size(); ++i)
        if (auto status = encodeFrames(inputs.frames[i], coding, coder, (*coded)[i]); !status)
            return status;
    const auto name = "frame as " + codec::toString(coding);
    const auto encode = add("coding a " + name, inputs.batch, [&frames = inputs.frames, coding, coder](std::size_t call) {
        Records records;
        return encodeFrames(frames[call % frames.size()], coding, coder, records);
    });
    const auto decode
        = add("decoding a " + name, inputs.batch, [&spec = m_executor.spec(), coded, coding, coder](std::size_t call) {
              return decodeFrames(spec, coding, coder, (*coded)[call % coded->size()]);
          });
    m_codings.push_back({{"input", coding, inputs.batch, {}, {}}, encode, decode});
    return {};
}

base::Status Workload::addTensorCoding(const BatchInputs& inputs, const std::string& tensor, const codec::Coding& coding)
{
    const auto& tensors = inputs.tensors.at(tensor);
    const codec::BookedCoder booked(m_options.coder, m_options.codebook);
    if (auto status = codec::checkBook(booked, tensor, coding); !status)
        return status;
    const auto coder = booked.forTensor(tensor, coding);
    auto coded = std::make_shared<std::vector<Records>>(tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (auto status = encodeTensor(tensors[i], coding, coder, (*coded)[i]); !status)
            return status;
    const auto name = tensor + " as " + codec::toString(coding) + (coding.kind == codec::CodingKind::Quantized ? " bits" : "");
    const auto encode = add("coding " + name, inputs.batch, [&tensors, coding, coder](std::size_t call) {
        Records records;
        return encodeTensor(tensors[call % tensors.size()], coding, coder, records);
    });
    const auto decode
        = add("decoding " + name, inputs.batch, [coded, coding, coder, shape = tensors.front().shape](std::size_t call) {
              return decodeTensor(shape, coding, coder, (*coded)[call % coded->size()]);
          });
    m_codings.push_back({{tensor, coding, inputs.batch, {}, {}}, encode, decode});
    return {};
}

void Workload::store(const std::vector<Measurement>& times, ComputeProfile& profile) const
{
    const auto take = [&](const auto& measured, auto& target) {
        for (const auto& [entry, thing] : measured)
            target.emplace_back(entry).time = times[thing];
    };
    take(m_layers, profile.layers);
    take(m_capture, profile.capture);
    take(m_segments, profile.segments);
    std::sort(profile.segments.begin(), profile.segments.end(), [](const SegmentTime& a, const SegmentTime& b) {
        return std::tie(a.exit, a.first, a.last, a.batch) < std::tie(b.exit, b.first, b.last, b.batch);
    });
    for (const auto& [entry, encode, decode] : m_codings) {
        auto& coding = profile.codings.emplace_back(entry);
        coding.encode = times[encode];
        coding.decode = times[decode];
    }
}

}  // namespace splitscope::profile
