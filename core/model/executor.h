// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/tensor.h"
#include "core/data/image.h"
#include "core/model/weights.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace splitscope::model {

/// What computes a network's layers.
enum class Backend {
    Automatic,  ///< the one that suits this processor
    Plain,  ///< LibTorch's ordinary operations, one by one: everywhere, and what the others are compared with
    OneDnn,  ///< oneDNN called directly: layers fused, layouts kept between them
    XnnPack,  ///< XNNPACK as it comes with LibTorch
};

/// "automatic", "plain", "onednn", "xnnpack".
std::string_view name(Backend backend);

/// Those that this build can compute with; Plain is always among them.
std::vector<Backend> availableBackends();

struct ExecutorOptions {
    Backend backend = Backend::Automatic;
};

/// Runs slices of a network's prepacked list of operations. Every segment of every exit is a slice of the same list:
/// switching decisions loads nothing. Thread-safe once made; each calling thread sets its own Torch thread count.
class Executor {
public:
    /// Weights must fit the spec. Packs and warms up every operation once. An Error where they don't fit, or where the
    /// backend asked for is not available here.
    static base::Result<std::unique_ptr<Executor>> create(const NetworkSpec& spec, const Weights& weights,
                                                          const ExecutorOptions& options = {});
    ~Executor();
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    /// Layers first+1 .. last of exit's path, i.e. from the tensor at cut `first` to the tensor at cut `last`.
    /// input.shape is the cut's shape. first == last returns the input. An Error where the arguments don't fit.
    [[nodiscard]] base::Result<base::Tensor> run(int exit, int first, int last, const base::Tensor& input) const;

    [[nodiscard]] const NetworkSpec& spec() const;

    /// What computes the layers: never "automatic".
    [[nodiscard]] std::string_view backendName() const;

    /// Whether layer i (1-based) of exit's path is computed in one pass with layer i + 1 where a slice holds both.
    [[nodiscard]] bool fusesWithNext(int exit, int layer) const;

    /// Torch's intra-operation threads for the calling thread.
    static void setThreadCount(int threads);

private:
    struct Private;
    explicit Executor(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

/// The network's input from frames: (pixel/255 − mean)/deviation per channel. Both halves use this one function, so a
/// raw frame gives the same tensor on either side. An Error where an image has another size than the spec's input.
base::Result<base::Tensor> toInput(const NetworkSpec& spec, std::span<const data::Image> frames);

/// The size of the frames that the network takes.
data::ImageSize frameSize(const NetworkSpec& spec);

}  // namespace splitscope::model
