// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/executor.h"
#include "core/model/operation_p.h"
#include "core/model/path.h"

namespace splitscope::model {

using base::Error;
using base::ErrorCode;

namespace {

at::Tensor toTorch(const base::Tensor& tensor)
{
    std::vector<std::int64_t> sizes{tensor.batch};
    sizes.insert(sizes.end(), tensor.shape.begin(), tensor.shape.end());
    // Operations only read their input: from_blob takes no const pointer.
    return at::from_blob(const_cast<float*>(tensor.values.data()), sizes, at::kFloat);
}

base::Tensor fromTorch(const at::Tensor& tensor, const base::Shape& shape)
{
    base::Tensor result;
    result.batch = static_cast<int>(tensor.size(0));
    result.shape = shape;
    const auto values = tensor.contiguous();
    const auto* first = values.data_ptr<float>();
    result.values.assign(first, first + values.numel());
    return result;
}

/// One exit's way: its accounting, and its operations in the executor's list.
struct Way {
    Path path;
    std::vector<const Operation*> operations;
};

}  // namespace

struct Executor::Private {
    NetworkSpec spec;
    std::vector<std::unique_ptr<Operation>> operations;  ///< the trunk's, then each head's
    std::vector<Way> ways;

    void pack(const Weights& weights)
    {
        const auto add = [&](const LayerSpec& layer) {
            operations.push_back(makeOperation(layer, weights));
            return operations.back().get();
        };
        std::vector<const Operation*> trunk;
        for (const auto& layer : spec.trunk)
            trunk.push_back(add(layer));
        for (int exit = 1; exit <= spec.exitCount(); ++exit) {
            const auto& way = spec.exits[static_cast<std::size_t>(exit - 1)];
            std::vector<const Operation*> list(trunk.begin(), trunk.begin() + way.after);
            for (const auto& layer : way.head)
                list.push_back(add(layer));
            ways.push_back({Path(spec, exit), std::move(list)});
        }
    }

    /// The first runs of an operation are slow: Torch chooses and compiles its kernels then.
    void warmUp() const
    {
        for (const auto& way : ways)
            for (int batch : {1, 2}) {
                const base::Tensor zeros(batch, spec.input);
                runOperations(way, 0, way.path.length(), zeros);
            }
    }

    static at::Tensor runOperations(const Way& way, int first, int last, const base::Tensor& input)
    {
        const c10::InferenceMode inference;
        auto value = toTorch(input);
        for (int i = first; i < last; ++i)
            value = way.operations[static_cast<std::size_t>(i)]->run(value);
        return value;
    }
};

Executor::Executor(std::unique_ptr<Private> data) : d(std::move(data)) {}
Executor::~Executor() = default;

base::Result<std::unique_ptr<Executor>> Executor::create(const NetworkSpec& spec, const Weights& weights)
{
    if (auto status = validate(spec, spec.name); !status)
        return status.error();
    if (auto status = checkWeights(spec, weights); !status)
        return status.error();
    try {
        const c10::InferenceMode inference;
        auto data = std::make_unique<Private>();
        data->spec = spec;
        data->pack(weights);
        data->warmUp();
        return std::unique_ptr<Executor>(new Executor(std::move(data)));
    } catch (const std::exception& problem) {
        return Error{ErrorCode::Internal, problem.what(), "network " + spec.name};
    }
}

base::Result<base::Tensor> Executor::run(int exit, int first, int last, const base::Tensor& input) const
{
    const auto refuse = [](const std::string& text) { return Error{ErrorCode::InvalidInput, text, "executor"}; };
    if (exit < 1 || exit > d->spec.exitCount())
        return refuse("there is no exit " + std::to_string(exit) + "; " + d->spec.name + " has "
                      + std::to_string(d->spec.exitCount()));
    const auto& way = d->ways[static_cast<std::size_t>(exit - 1)];
    if (first < 0 || last < first || last > way.path.length())
        return refuse("there are no layers " + std::to_string(first + 1) + " to " + std::to_string(last) + " of exit "
                      + std::to_string(exit) + ", which has " + std::to_string(way.path.length()));
    const auto& expected = way.path.cutShape(first);
    if (input.shape != expected || input.batch < 1
        || input.values.size() != static_cast<std::size_t>(input.batch) * input.rowSize())
        return refuse("a tensor of " + base::toString(input.shape) + " and batch " + std::to_string(input.batch)
                      + " does not fit at cut " + std::to_string(first) + ", which takes " + base::toString(expected));
    if (first == last)
        return input;
    try {
        return fromTorch(Private::runOperations(way, first, last, input), way.path.cutShape(last));
    } catch (const std::exception& problem) {
        return Error{ErrorCode::Internal, problem.what(),
                     "layers " + std::to_string(first + 1) + " to " + std::to_string(last) + " of exit " + std::to_string(exit)};
    }
}

const NetworkSpec& Executor::spec() const { return d->spec; }

void Executor::setThreadCount(int threads) { at::set_num_threads(std::max(1, threads)); }

}  // namespace splitscope::model
