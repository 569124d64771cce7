// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/self_check.h"

#include "core/base/cpu.h"
#include "core/base/files.h"
#include "core/base/text.h"
#include "core/data/patterns.h"
#include "core/exec/row_coding.h"
#include "core/model/executor.h"
#include "core/profile/cost_table.h"
#include "core/profile/machine.h"
#include "core/rl/policy.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace splitscope::exec {

namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

/// What coding and backends are tried on: a network with a codebook whose weights are for the built-in frames.
constexpr const char* kNetwork = "alexnet3";
constexpr const char* kData = "patterns";
constexpr double kLogitTolerance = 1e-3;  ///< sums are made in another order by each backend
constexpr double kJpegTolerance = 40;  ///< mean difference of a pixel at quality 90; what is broken is far beyond

/// A check that found nothing wrong says what is there.
using Found = base::Result<std::string>;

void report(const SelfCheckSink& sink, const char* part, const std::string& subject, const Found& found)
{
    sink({part, subject, found.ok(), found ? *found : found.error().message()});
}

base::Result<std::vector<data::Image>> someFrames(const model::NetworkSpec& spec, std::size_t count)
{
    const auto set = data::openPatterns(model::frameSize(spec), data::Split::Evaluation);
    if (!set)
        return set.error();
    std::vector<data::Image> frames;
    for (std::size_t i = 0; i < count; ++i) {
        auto image = (*set)->image(i);
        if (!image)
            return image.error();
        frames.push_back(*std::move(image));
    }
    return frames;
}

/// A network with one of its shipped weights, and frames to show it.
struct Subject {
    model::NetworkSpec spec;
    std::string hash;
    std::vector<data::Image> frames;
    base::Tensor input;
    model::Weights weights;
};

base::Result<Subject> loadSubject(const std::string& network, const std::string& data, std::size_t frames)
{
    auto spec = model::loadNetworkSpec(network);
    if (!spec)
        return spec.error();
    auto weights = model::loadShippedWeights(network, data);
    if (!weights)
        return weights.error();
    if (const auto fits = model::checkWeights(*spec, *weights); !fits)
        return fits.error();
    auto images = someFrames(*spec, frames);
    if (!images)
        return images.error();
    auto input = model::toInput(*spec, *images);
    if (!input)
        return input.error();
    const auto hash = model::modelHash(*spec, *weights);
    return Subject{*std::move(spec), hash, *std::move(images), *std::move(input), *std::move(weights)};
}

base::Result<base::Tensor> lastLogits(const Subject& subject, model::Backend backend)
{
    const auto executor = model::Executor::create(subject.spec, subject.weights, {backend});
    if (!executor)
        return executor.error();
    const int exit = subject.spec.exitCount();
    return (*executor)->run(exit, 0, model::Path(subject.spec, exit).length(), subject.input);
}

Found checkLogits(const base::Tensor& logits)
{
    if (!std::all_of(logits.values.begin(), logits.values.end(), [](float value) { return std::isfinite(value); }))
        return Error{ErrorCode::Internal, "its logits are not finite", "logits"};
    return std::string("computes");
}

double largestDifference(const base::Tensor& one, const base::Tensor& other)
{
    double largest = one.values.size() == other.values.size() ? 0 : HUGE_VAL;
    for (std::size_t i = 0; i < std::min(one.values.size(), other.values.size()); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(one.values[i]) - static_cast<double>(other.values[i])));
    return largest;
}

Found checkBackend(const Subject& subject, const base::Tensor& plain, model::Backend backend)
{
    const auto logits = lastLogits(subject, backend);
    if (!logits)
        return logits.error();
    const double difference = largestDifference(*logits, plain);
    if (!(difference <= kLogitTolerance))
        return Error{ErrorCode::Internal, "its logits are " + std::to_string(difference) + " from those of the plain one",
                     std::string(model::name(backend))};
    return std::string("computes ") + kNetwork + " as the plain one does";
}

/// What loads from a file beside the weights. The hash is that of the model it says it is for; empty where it may serve others.
struct Companion {
    std::string suffix;
    std::string what;
    std::function<base::Result<std::string>(const fs::path&)> modelHash;
};

template <typename Loaded>
base::Result<std::string> hashOr(const Loaded& loaded, const std::string& hash)
{
    return loaded ? base::Result<std::string>(hash) : loaded.error();
}

const std::vector<Companion>& companions()
{
    static const std::vector<Companion> all{
        {".codebook", "codebook", [](const auto& path) { return hashOr(codec::loadCodebook(path), {}); }},
        {".table", "accuracies",
         [](const auto& path) {
             const auto table = profile::loadAccuracyTable(path);
             return hashOr(table, table ? table->modelHash : std::string());
         }},
        {".costs.json.zst", "costs",
         [](const auto& path) {
             const auto table = profile::CostTable::load(path);
             return hashOr(table, table ? table->modelHash() : std::string());
         }},
        {".policy", "policies", [](const auto& path) {
             const auto policy = rl::loadPolicy(path);
             return hashOr(policy, policy ? policy->modelHash : std::string());
         }}};
    return all;
}

/// The weights with all that lies beside them in `files`.
Found checkWeightsAndCompanions(const std::string& network, const std::string& data, const std::vector<fs::path>& files)
{
    const auto subject = loadSubject(network, data, 1);
    if (!subject)
        return subject.error();
    const auto logits = lastLogits(*subject, model::Backend::Automatic);
    if (!logits)
        return logits.error();
    if (const auto finite = checkLogits(*logits); !finite)
        return finite.error();
    std::string said = "weights";
    for (const auto& companion : companions()) {
        int loaded = 0;
        for (const auto& file : files) {
            const auto name = file.filename().string();
            if (!name.starts_with(data + ".") || !name.ends_with(companion.suffix))
                continue;
            const auto hash = companion.modelHash(file);
            if (!hash)
                return hash.error();
            if (!hash->empty() && *hash != subject->hash)
                return Error{ErrorCode::Mismatch, "is of other weights than those beside it", file.string()};
            ++loaded;
        }
        if (loaded > 0)
            said += ", " + (companion.suffix == ".policy" ? std::to_string(loaded) + " " : std::string()) + companion.what;
    }
    return said;
}

std::vector<fs::path> filesIn(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder, failure))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

Found checkCoder(const Subject& subject, const model::Executor& executor, const codec::BookedCoder& coder)
{
    constexpr int kExit = 2, kCut = 6;
    const auto activation = executor.run(kExit, 0, kCut, subject.input);
    if (!activation)
        return activation.error();
    std::size_t bytes = 0;
    for (const int bits : {4, 8, 12}) {
        const decision::Decision decision{kExit, kCut, {codec::CodingKind::Quantized, bits}};
        const auto turnRound = [&](const codec::BookedCoder& by) -> base::Result<base::Tensor> {
            auto rows = encodeRows(*activation, decision.coding, coderFor(by, subject.spec, decision));
            if (!rows)
                return rows.error();
            bytes += by.coder == coder.coder ? rows->payload.size() : 0;
            return decodeRows(subject.spec, decision, by, rows->sizes, rows->payload);
        };
        const auto packed = turnRound({});  // every coder is exact on the levels: it gives back what packing gives back
        const auto back = turnRound(coder);
        if (!packed || !back)
            return packed ? back.error() : packed.error();
        if (back->values != packed->values)
            return Error{ErrorCode::Internal, "gives back other levels at " + std::to_string(bits) + " bits",
                         codec::toString(coder.coder)};
        const auto [low, high] = std::minmax_element(activation->values.begin(), activation->values.end());
        const double step = (static_cast<double>(*high) - static_cast<double>(*low)) / ((1 << bits) - 1);
        if (largestDifference(*back, *activation) > 0.51 * step)
            return Error{ErrorCode::Internal, "values come back further away than half a level", codec::toString(coder.coder)};
    }
    return "tensors at 4, 8 and 12 bits come back exactly; " + std::to_string(bytes) + " bytes";
}

Found checkFrames(const Subject& subject, const codec::Coding& coding, const codec::CoderOptions& options)
{
    const auto rows = encodeFrames(subject.frames, coding, options);
    if (!rows)
        return rows.error();
    std::size_t at = 0;
    for (std::size_t i = 0; i < subject.frames.size(); ++i) {
        const auto& frame = subject.frames[i];
        const auto record = base::ByteView(rows->payload).subspan(at, rows->sizes[i]);
        const auto back = codec::decodeImage(record, coding, frame.size, options);
        if (!back)
            return back.error();
        double off = 0;
        for (std::size_t p = 0; p < frame.pixels.size(); ++p)
            off += std::abs(int(frame.pixels[p]) - int(back->pixels[p]));
        const bool exact = coding.kind != codec::CodingKind::Jpeg;
        if (off > (exact ? 0 : kJpegTolerance * static_cast<double>(frame.pixels.size())))
            return Error{ErrorCode::Internal, "frames come back as others", codec::toString(coding)};
        at += rows->sizes[i];
    }
    return "frames come back; " + std::to_string(rows->payload.size()) + " bytes";
}

}  // namespace

void checkProcessor(const SelfCheckSink& found)
{
    const auto machine = profile::describeMachine();
    const auto features = base::processorFeatures();
    found({"processor", machine.architecture, true,
           (machine.processor.empty() ? machine.name : machine.processor) + ", " + std::to_string(machine.cores) + " cores"
               + (features.empty() ? "" : ": " + base::joined(features, " "))});
}

void checkBackends(const SelfCheckSink& found)
{
    const auto subject = loadSubject(kNetwork, kData, 2);
    const auto plain = subject ? lastLogits(*subject, model::Backend::Plain) : subject.error();
    if (!plain)
        return report(found, "backend", "plain", plain.error());
    for (const auto backend : model::availableBackends())
        report(found, "backend", std::string(model::name(backend)),
               backend == model::Backend::Plain ? checkLogits(*plain) : checkBackend(*subject, *plain, backend));
}

void checkModels(const SelfCheckSink& found)
{
    for (const auto& network : model::shippedNetworks())
        checkNetwork(network, found);
}

void checkNetwork(const std::string& network, const SelfCheckSink& found)
{
    constexpr std::string_view kWeights = ".weights";
    const auto folder = base::resourcePath("models/" + network);
    const auto files = folder ? filesIn(*folder) : std::vector<fs::path>();
    int weights = 0;
    for (const auto& file : files) {
        if (file.extension() != kWeights)
            continue;
        ++weights;
        const auto data = file.stem().string();
        report(found, "model", network + " " + data, checkWeightsAndCompanions(network, data, files));
    }
    if (weights == 0)
        report(found, "model", network,
               folder ? Error{ErrorCode::NotFound, "has no weights; reinstall", folder->string()} : folder.error());
}

void checkCodecs(const SelfCheckSink& found)
{
    const auto subject = loadSubject(kNetwork, kData, 3);
    if (!subject)
        return report(found, "codec", "all", subject.error());
    const auto executor = model::Executor::create(subject->spec, subject->weights);
    const auto book = codec::loadShippedCodebook(kNetwork, kData);
    if (!executor || !book)
        return report(found, "codec", "all", executor ? book.error() : executor.error());
    for (const auto coder : codec::kEntropyCoders)
        report(found, "codec", codec::toString(coder),
               checkCoder(*subject, **executor, {coder, codec::needsCodebook(coder) ? *book : nullptr}));
    const auto frames = [&](const std::string& subjectName, codec::Coding coding, const codec::BookedCoder& coder) {
        report(found, "codec", subjectName, checkFrames(*subject, coding, coder.forFrames()));
    };
    frames("frames raw", {codec::CodingKind::Raw, 0}, {});
    frames("frames lossless", {codec::CodingKind::Lossless, 0}, {});
    frames("frames context", {codec::CodingKind::Lossless, 0}, {codec::EntropyCoder::Context, *book});
    frames("frames jpeg", {codec::CodingKind::Jpeg, 90}, {});
}

}  // namespace splitscope::exec
