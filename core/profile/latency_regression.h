// SPDX-License-Identifier: GPL-3.0-or-later
// Edgent's latency model: one linear regression per layer type (its Table 1), for machines that were not measured.
#pragma once

#include "core/profile/compute_profile.h"

#include <map>
#include <span>

namespace splitscope::profile {

/// Which variables a layer's time depends on.
enum class RegressionForm {
    Edgent,  ///< its Table 1
    Work  ///< the same, and what the table leaves out: a convolution's, pooling's and fully connected layer's operations
};
/// "edgent", "work".
base::Result<RegressionForm> parseRegressionForm(const std::string& text);
std::string toString(RegressionForm form);

/// Edgent's Table 1: what a layer's time depends on. Conv: input feature maps' size, and (kernel/stride)² · filters;
/// pooling: input and output size; fully connected: input and output size; relu, lrn, dropout: input size. Sizes are
/// elements of one frame.
std::vector<double> regressionVariables(const model::PathLayer& layer, RegressionForm form = RegressionForm::Edgent);
/// Their names, for people and as keys: "input_elements".
std::vector<std::string> regressionVariableNames(model::LayerType type, RegressionForm form = RegressionForm::Edgent);

/// A layer with its time, to fit on or to check with.
struct MeasuredLayer {
    model::PathLayer layer;
    double ms = 0;
};

/// Layers of a profile at a batch, each once.
std::vector<MeasuredLayer> measuredLayers(const model::NetworkSpec& spec, const ComputeProfile& profile, int batch);

class LatencyRegression {
public:
    /// Least squares of the relative error, per layer type, no negative coefficients. Types that no layer has stay unknown.
    static LatencyRegression fit(std::span<const MeasuredLayer> layers, RegressionForm form = RegressionForm::Edgent);

    /// ≥ 0. An Error for a type without coefficients.
    [[nodiscard]] base::Result<double> predictMs(const model::PathLayer& layer) const;
    /// Intercept first, then one per variable; ms, and ms per unit.
    [[nodiscard]] const std::map<model::LayerType, std::vector<double>>& coefficients() const { return m_coefficients; }

    /// |predicted − measured| / measured over layers that were not fitted on; of those whose type is known and which took
    /// any time.
    struct Errors {
        double median = 0;
        double p95 = 0;
        std::size_t layers = 0;
    };
    [[nodiscard]] Errors check(std::span<const MeasuredLayer> heldOut) const;

    /// The profile that this regression predicts for a network: layers as predicted, segments as their sums, at the batch
    /// that was fitted on. `like`, a profile of likeSpec, gives everything that is not a layer's time (codings, capture);
    /// another network's codings are carried over by their tensors' sizes. source says "regression: …".
    [[nodiscard]] base::Result<ComputeProfile> predict(const model::NetworkSpec& spec, const std::string& modelHash,
                                                       const ComputeProfile& like, const model::NetworkSpec& likeSpec,
                                                       int batch) const;

private:
    RegressionForm m_form = RegressionForm::Edgent;
    std::map<model::LayerType, std::vector<double>> m_coefficients;
};

LatencyRegression::Errors summariseErrors(std::vector<double> errors);

/// A layer, and what was predicted without it.
struct HeldOut {
    std::size_t index = 0;  ///< of the layer
    double measuredMs = 0;
    double predictedMs = 0;
};

/// Layer by layer left out in turn: fit on the others, predict the one. Its twins, which the regression cannot tell from
/// it, are left out as well. Layers that are the only one of their type, or took no time, are not among the results.
std::vector<HeldOut> leaveOneOut(std::span<const MeasuredLayer> layers, RegressionForm form = RegressionForm::Edgent);
LatencyRegression::Errors crossValidate(std::span<const MeasuredLayer> layers, RegressionForm form = RegressionForm::Edgent);

}  // namespace splitscope::profile
